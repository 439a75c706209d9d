// The text engine, compiled. registry/rendering.py says what it does; registry/rendering_twin.py gives the same bytes in Python.
//
// A Texts object is a node of a tree: columns at the leaves, rows and lists above them. Making one checks everything (types,
// lengths, where codes and places point) and adds up how long its texts can be at most; `joined` then writes all of them
// straight into one buffer of that size, without the interpreter's lock when they are many. Nothing is written that was not
// checked, so a wrong call raises and never crashes; as with numpy, the arrays must not be changed by others meanwhile.

#include "_kernel_nodes.h"

#include <new>

namespace {

struct TextsObject {
    PyObject_HEAD
    Nodes node;
};

void texts_dealloc(PyObject* self) {
    reinterpret_cast<TextsObject*>(self)->node.~Nodes();
    PyTypeObject* type = Py_TYPE(self);
    type->tp_free(self);
    Py_DECREF(type);
}

Py_ssize_t texts_length(PyObject* self) { return reinterpret_cast<TextsObject*>(self)->node->count; }

// A Python function's body: C++ failures become Python exceptions.
template <typename Body>
PyObject* guarded(Body body) {
    try {
        return body();
    } catch (const Raised&) {
        return nullptr;
    } catch (const std::bad_alloc&) {
        return PyErr_NoMemory();
    }
}

// All texts of all parts with the separator between them, in one buffer.
PyObject* joined(const std::vector<Nodes>& parts, const Text& separator, const Text& opening, const Text& closing) {
    Size most = sum(opening.length, closing.length);
    for (const Nodes& part : parts)
        most = sum(most, sum(part->bound, product(separator.length, static_cast<Size>(part->count))));
    PyObject* made = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(most));
    if (made == nullptr) throw Raised();
    char* const start = PyBytes_AS_STRING(made);
    char* end = start;
    const auto put_all = [&] {
        end = opening.put(end);
        bool first = true;
        for (const Nodes& part : parts) {
            for (Py_ssize_t place = 0; place < part->count; ++place) {
                if (!first) end = separator.put(end);
                end = part->put(end, place);
                first = false;
            }
        }
        end = closing.put(end);
    };
    if (most >= UNLOCKED_FROM) {
        Py_BEGIN_ALLOW_THREADS
        put_all();
        Py_END_ALLOW_THREADS
    } else {
        put_all();
    }
    _PyBytes_Resize(&made, end - start);
    return made;
}

PyObject* texts_joined(PyObject* self, PyObject* arguments) {
    return guarded([&] {
        PyObject* between = nullptr;
        if (!PyArg_ParseTuple(arguments, "|S", &between)) throw Raised();
        const std::vector<Nodes> parts = {reinterpret_cast<TextsObject*>(self)->node};
        return joined(parts, between == nullptr ? Text() : Text(between), Text(), Text());
    });
}

PyMethodDef TEXTS_METHODS[] = {
    {"joined", texts_joined, METH_VARARGS, "All texts, with the separator between them."},
    {nullptr, nullptr, 0, nullptr},
};

PyType_Slot TEXTS_SLOTS[] = {
    {Py_tp_dealloc, reinterpret_cast<void*>(texts_dealloc)},
    {Py_sq_length, reinterpret_cast<void*>(texts_length)},
    {Py_tp_methods, TEXTS_METHODS},
    {Py_tp_doc, const_cast<char*>("n texts: a column, or rows or lists of columns.")},
    {0, nullptr},
};

PyType_Spec TEXTS_SPEC = {
    "registry._kernel.Texts",
    sizeof(TextsObject),
    0,
    Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION | Py_TPFLAGS_IMMUTABLETYPE,
    TEXTS_SLOTS,
};

PyTypeObject* texts_type = nullptr;

PyObject* wrapped(Nodes node) {
    PyObject* made = texts_type->tp_alloc(texts_type, 0);
    if (made == nullptr) throw Raised();
    new (&reinterpret_cast<TextsObject*>(made)->node) Nodes(std::move(node));
    return made;
}

Nodes unwrapped(PyObject* object) {
    if (!PyObject_TypeCheck(object, texts_type)) raise(PyExc_TypeError, "expected Texts");
    return reinterpret_cast<TextsObject*>(object)->node;
}

std::vector<Nodes> unwrapped_all(PyObject* texts) {
    std::vector<Nodes> nodes;
    for (Py_ssize_t place = 0; place < PyTuple_GET_SIZE(texts); ++place)
        nodes.push_back(unwrapped(PyTuple_GET_ITEM(texts, place)));
    return nodes;
}

PyObject* codes(PyObject*, PyObject* arguments) {
    return guarded([&] {
        PyObject *array, *fragments, *absent;
        if (!PyArg_ParseTuple(arguments, "OOO", &array, &fragments, &absent)) throw Raised();
        return wrapped(std::make_shared<CodesNode>(array, fragments, absent));
    });
}

PyObject* floats(PyObject*, PyObject* arguments) {
    return guarded([&] {
        PyObject *array, *before, *after, *absent, *exceptions;
        if (!PyArg_ParseTuple(arguments, "OOOOO", &array, &before, &after, &absent, &exceptions)) throw Raised();
        return wrapped(std::make_shared<FloatsNode>(array, before, after, absent, exceptions));
    });
}

PyObject* at(PyObject*, PyObject* arguments) {
    return guarded([&] {
        PyObject *texts, *places;
        if (!PyArg_ParseTuple(arguments, "OO", &texts, &places)) throw Raised();
        return wrapped(std::make_shared<AtNode>(unwrapped(texts), places));
    });
}

PyObject* rows(PyObject*, PyObject* arguments) {
    return guarded([&] {
        PyObject *pieces, *columns;
        Py_ssize_t count;
        if (!PyArg_ParseTuple(arguments, "OO!n", &pieces, &PyTuple_Type, &columns, &count)) throw Raised();
        return wrapped(std::make_shared<RowsNode>(pieces, unwrapped_all(columns), count));
    });
}

PyObject* lists(PyObject*, PyObject* arguments) {
    return guarded([&] {
        PyObject *texts, *starts, *opening, *separator, *closing;
        if (!PyArg_ParseTuple(arguments, "OOOOO", &texts, &starts, &opening, &separator, &closing)) throw Raised();
        return wrapped(std::make_shared<ListsNode>(unwrapped(texts), starts, opening, separator, closing));
    });
}

PyObject* joined_parts(PyObject*, PyObject* arguments) {
    return guarded([&] {
        PyObject *texts, *separator, *opening, *closing;
        if (!PyArg_ParseTuple(arguments, "O!SSS", &PyTuple_Type, &texts, &separator, &opening, &closing)) throw Raised();
        return joined(unwrapped_all(texts), Text(separator), Text(opening), Text(closing));
    });
}

PyMethodDef METHODS[] = {
    {"codes", codes, METH_VARARGS, "A dictionary-coded column."},
    {"floats", floats, METH_VARARGS, "A column of numbers."},
    {"at", at, METH_VARARGS, "Texts at other places."},
    {"rows", rows, METH_VARARGS, "Columns side by side."},
    {"lists", lists, METH_VARARGS, "Lists of texts."},
    {"joined", joined_parts, METH_VARARGS, "Texts one after another."},
    {nullptr, nullptr, 0, nullptr},
};

PyModuleDef MODULE = {PyModuleDef_HEAD_INIT, "registry._kernel", "The compiled text engine.", -1, METHODS,
                      nullptr,               nullptr,            nullptr,                     nullptr};

}  // namespace

PyMODINIT_FUNC PyInit__kernel() {
    PyObject* module = PyModule_Create(&MODULE);
    if (module == nullptr) return nullptr;
    texts_type = reinterpret_cast<PyTypeObject*>(PyType_FromSpec(&TEXTS_SPEC));
    if (texts_type == nullptr || PyModule_AddObjectRef(module, "Texts", reinterpret_cast<PyObject*>(texts_type)) != 0) {
        Py_DECREF(module);
        return nullptr;
    }
    return module;
}
