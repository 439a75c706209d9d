// The tree of texts: columns at the leaves, rows and lists above them. Everything is checked when a node is made.
#pragma once

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "_kernel_numbers.h"

namespace {


using Size = std::uint64_t;

constexpr Size LONGEST = static_cast<Size>(PY_SSIZE_T_MAX) / 4;
constexpr Size UNLOCKED_FROM = 1 << 16;  // bytes; below, giving up the lock costs more than it gives
constexpr int DEEPEST = 50;              // writing descends the tree on the stack
constexpr Size USUAL_FLOAT = 26;         // "-0.000012345678901234567", and some
constexpr Size LONG_FLOAT = 345;         // the smallest doubles have 323 zeros and 17 digits

// A Python exception is set.
struct Raised {};

[[noreturn]] void raise(PyObject* kind, const char* text) {
    PyErr_SetString(kind, text);
    throw Raised();
}

Size sum(Size one, Size other) {
    if (other > LONGEST || one > LONGEST - other) raise(PyExc_OverflowError, "the text would be too long");
    return one + other;
}

Size product(Size one, Size other) {
    if (other != 0 && one > LONGEST / other) raise(PyExc_OverflowError, "the text would be too long");
    return one * other;
}

// A reference that is owned.
struct Held {
    PyObject* object = nullptr;

    Held() = default;
    explicit Held(PyObject* owned) : object(owned) {
        if (object == nullptr) throw Raised();
    }
    Held(const Held&) = delete;
    Held& operator=(const Held&) = delete;
    ~Held() { Py_XDECREF(object); }
};

// An array of numpy, or whatever else has the buffer protocol, of one dimension and the type wanted.
template <typename T>
class Array {
public:
    Array(PyObject* object, const char* formats) {
        if (PyObject_GetBuffer(object, &view_, PyBUF_C_CONTIGUOUS | PyBUF_FORMAT) != 0) throw Raised();
        const char* format = view_.format == nullptr ? "B" : view_.format;
        const bool right = view_.ndim == 1 && view_.itemsize == sizeof(T) && format[0] != 0 && format[1] == 0 &&
                           std::strchr(formats, format[0]) != nullptr &&
                           reinterpret_cast<std::uintptr_t>(view_.buf) % alignof(T) == 0;
        if (!right) {
            PyErr_Format(PyExc_TypeError, "expected an aligned array of one dimension, of type %s and %d bytes, not %s", formats,
                         static_cast<int>(sizeof(T)), format);
            PyBuffer_Release(&view_);
            throw Raised();
        }
    }
    Array(const Array&) = delete;
    Array& operator=(const Array&) = delete;
    ~Array() { PyBuffer_Release(&view_); }

    Py_ssize_t size() const { return view_.len / static_cast<Py_ssize_t>(sizeof(T)); }
    const T& operator[](Py_ssize_t place) const { return static_cast<const T*>(view_.buf)[place]; }

private:
    Py_buffer view_;
};

constexpr const char* INT32 = "il";
constexpr const char* INT64 = "lq";
constexpr const char* FLOAT64 = "d";

// A text that somebody else keeps alive.
struct Text {
    const char* start = "";
    Size length = 0;

    Text() = default;
    Text(const char* text, Size size) : start(text), length(size) {}
    explicit Text(PyObject* bytes) {
        if (!PyBytes_Check(bytes)) raise(PyExc_TypeError, "texts are bytes");
        start = PyBytes_AS_STRING(bytes);
        length = static_cast<Size>(PyBytes_GET_SIZE(bytes));
    }

    // Most texts are short: two copies of fixed size that may overlap are faster than one of any size.
    char* put(char* out) const {
        if (length > 32) {
            std::memcpy(out, start, length);
        } else if (length >= 16) {
            ends<16>(out);
        } else if (length >= 8) {
            ends<8>(out);
        } else if (length >= 4) {
            ends<4>(out);
        } else {
            for (Size place = 0; place < length; ++place) out[place] = start[place];
        }
        return out + length;
    }

private:
    template <Size half>
    void ends(char* out) const {
        std::memcpy(out, start, half);
        std::memcpy(out + length - half, start + length - half, half);
    }
};

// The texts of a sequence of bytes, kept alive.
class Dictionary {
public:
    explicit Dictionary(PyObject* sequence) : kept_(PySequence_Tuple(sequence)) {
        const Py_ssize_t size = PyTuple_GET_SIZE(kept_.object);
        texts_.reserve(static_cast<std::size_t>(size));
        for (Py_ssize_t place = 0; place < size; ++place) texts_.emplace_back(PyTuple_GET_ITEM(kept_.object, place));
    }

    Py_ssize_t size() const { return static_cast<Py_ssize_t>(texts_.size()); }
    const Text& operator[](Py_ssize_t place) const { return texts_[static_cast<std::size_t>(place)]; }

private:
    Held kept_;
    std::vector<Text> texts_;
};

// One text, kept alive.
class Kept : public Text {
public:
    explicit Kept(PyObject* bytes) : Text(bytes), kept_(Py_NewRef(bytes)) {}

private:
    Held kept_;
};

// n texts that can be written one by one. `bound`: bytes that all of them together never exceed.
struct Node {
    Py_ssize_t count = 0;
    Size bound = 0;
    int depth = 0;

    virtual ~Node() = default;
    virtual char* put(char* out, Py_ssize_t place) const = 0;
};

using Nodes = std::shared_ptr<const Node>;

struct CodesNode final : Node {
    Array<std::int32_t> codes;
    Dictionary fragments;
    Kept absent;

    CodesNode(PyObject* array, PyObject* texts, PyObject* missing) : codes(array, INT32), fragments(texts), absent(missing) {
        count = codes.size();
        for (Py_ssize_t place = 0; place < count; ++place) {
            const std::int32_t code = codes[place];
            if (code < -1 || code >= fragments.size()) raise(PyExc_ValueError, "a code points outside of its texts");
            bound = sum(bound, code < 0 ? absent.length : fragments[code].length);
        }
    }

    char* put(char* out, Py_ssize_t place) const override {
        const std::int32_t code = codes[place];
        return code < 0 ? absent.put(out) : fragments[code].put(out);
    }
};

struct FloatsNode final : Node {
    Array<double> floats;
    Kept before, after, absent;
    Held kept;
    std::vector<Text> exceptions;
    std::vector<std::int32_t> exception_at;  // by place, -1 for none; empty when there are no exceptions

    FloatsNode(PyObject* array, PyObject* ahead, PyObject* behind, PyObject* missing, PyObject* others)
        : floats(array, FLOAT64), before(ahead), after(behind), absent(missing), kept(copied(others)) {
        count = floats.size();
        read_exceptions();
        const Size around = sum(before.length, after.length);
        for (Py_ssize_t place = 0; place < count; ++place) {
            const double number = floats[place];
            if (std::isinf(number)) raise(PyExc_ValueError, "an infinite number has no text");
            const double size = std::fabs(number);
            const bool usual = size < 1e17 && (size >= 1e-5 || size == 0);
            bound = sum(bound, std::isnan(number) ? absent.length : around + (usual ? USUAL_FLOAT : LONG_FLOAT));
        }
    }

    static PyObject* copied(PyObject* others) {
        if (!PyDict_Check(others)) raise(PyExc_TypeError, "exceptions are a dict");
        if (PyDict_GET_SIZE(others) > INT32_MAX) raise(PyExc_OverflowError, "too many exceptions");
        return PyDict_Copy(others);
    }

    void read_exceptions() {
        if (PyDict_GET_SIZE(kept.object) == 0) return;
        exception_at.assign(static_cast<std::size_t>(count), -1);
        PyObject *place, *text;
        for (Py_ssize_t state = 0; PyDict_Next(kept.object, &state, &place, &text);) {
            const Py_ssize_t at = PyLong_AsSsize_t(place);
            if (at == -1 && PyErr_Occurred()) throw Raised();
            if (at < 0 || at >= count) raise(PyExc_ValueError, "an exception stands outside of its column");
            exception_at[static_cast<std::size_t>(at)] = static_cast<std::int32_t>(exceptions.size());
            exceptions.emplace_back(text);
            bound = sum(bound, exceptions.back().length);
        }
    }

    char* put(char* out, Py_ssize_t place) const override {
        if (!exception_at.empty() && exception_at[static_cast<std::size_t>(place)] >= 0)
            return exceptions[static_cast<std::size_t>(exception_at[static_cast<std::size_t>(place)])].put(out);
        const double number = floats[place];
        if (std::isnan(number)) return absent.put(out);
        return after.put(put_float(before.put(out), number));
    }
};

// The texts of another node, written already.
struct AtNode final : Node {
    Array<std::int64_t> places;
    std::unique_ptr<char[]> text;
    std::vector<Size> edges;

    AtNode(const Nodes& texts, PyObject* array) : places(array, INT64), text(new char[texts->bound + 1]) {
        edges.reserve(static_cast<std::size_t>(texts->count) + 1);
        edges.push_back(0);
        char* out = text.get();
        for (Py_ssize_t place = 0; place < texts->count; ++place) {
            out = texts->put(out, place);
            edges.push_back(static_cast<Size>(out - text.get()));
        }
        count = places.size();
        for (Py_ssize_t place = 0; place < count; ++place) {
            if (places[place] < 0 || places[place] >= texts->count) raise(PyExc_ValueError, "a place lies outside of its texts");
            bound = sum(bound, at(place).length);
        }
    }

    Text at(Py_ssize_t place) const {
        const auto from = static_cast<std::size_t>(places[place]);
        return Text(text.get() + edges[from], edges[from + 1] - edges[from]);
    }

    char* put(char* out, Py_ssize_t place) const override { return at(place).put(out); }
};

int below(int depth) {
    if (depth >= DEEPEST) raise(PyExc_ValueError, "texts are made of texts too many times");
    return depth + 1;
}

struct RowsNode final : Node {
    Dictionary pieces;
    std::vector<Nodes> columns;

    RowsNode(PyObject* texts, std::vector<Nodes> parts, Py_ssize_t rows) : pieces(texts), columns(std::move(parts)) {
        if (rows < 0) raise(PyExc_ValueError, "fewer than no rows");
        if (pieces.size() != static_cast<Py_ssize_t>(columns.size()) + 1)
            raise(PyExc_ValueError, "there must be one piece more than columns");
        count = rows;
        Size each = 0;
        for (Py_ssize_t place = 0; place < pieces.size(); ++place) each = sum(each, pieces[place].length);
        bound = product(each, static_cast<Size>(rows));
        for (const Nodes& column : columns) {
            if (column->count != rows) raise(PyExc_ValueError, "a column is longer or shorter than there are rows");
            bound = sum(bound, column->bound);
            depth = std::max(depth, below(column->depth));
        }
    }

    char* put(char* out, Py_ssize_t place) const override {
        out = pieces[0].put(out);
        Py_ssize_t piece = 0;
        for (const Nodes& column : columns) out = pieces[++piece].put(column->put(out, place));
        return out;
    }
};

struct ListsNode final : Node {
    Nodes texts;
    Array<std::int64_t> starts;
    Kept opening, separator, closing;

    ListsNode(Nodes inside, PyObject* array, PyObject* before, PyObject* between, PyObject* after)
        : texts(std::move(inside)), starts(array, INT64), opening(before), separator(between), closing(after) {
        if (starts.size() == 0 || starts[0] < 0) raise(PyExc_ValueError, "lists must start at a text");
        count = starts.size() - 1;
        depth = below(texts->depth);
        for (Py_ssize_t place = 0; place < count; ++place)
            if (starts[place + 1] < starts[place]) raise(PyExc_ValueError, "lists must follow each other");
        if (starts[count] > texts->count) raise(PyExc_ValueError, "lists must end where the texts end");
        bound = sum(texts->bound, product(sum(opening.length, closing.length), static_cast<Size>(count)));
        bound = sum(bound, product(separator.length, static_cast<Size>(starts[count] - starts[0])));
    }

    char* put(char* out, Py_ssize_t place) const override {
        out = opening.put(out);
        const std::int64_t from = starts[place], to = starts[place + 1];
        for (std::int64_t at = from; at < to; ++at) {
            if (at != from) out = separator.put(out);
            out = texts->put(out, static_cast<Py_ssize_t>(at));
        }
        return closing.put(out);
    }
};

}  // namespace
