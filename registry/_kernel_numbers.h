// Doubles as the shortest plain decimal text, exactly as registry/number.py writes them.
#pragma once

#include <charconv>
#include <cstdint>
#include <cstring>

namespace {

char* put_digits(char* out, std::uint64_t number) { return std::to_chars(out, out + 20, number).ptr; }

// "d.ddde-XX" written out as plain decimal text.
char* put_expanded(char* out, const char* text, const char* end) {
    char digits[20];
    int count = 0;
    const char* at = text;
    for (; at != end && *at != 'e'; ++at)
        if (*at != '.') digits[count++] = *at;
    int exponent = 0;
    std::from_chars(at + (at[1] == '+' ? 2 : 1), end, exponent);
    const int before = exponent + 1;  // digits before the point
    if (before <= 0) {
        *out++ = '0';
        *out++ = '.';
        std::memset(out, '0', static_cast<std::size_t>(-before));
        out += -before;
        std::memcpy(out, digits, static_cast<std::size_t>(count));
        return out + count;
    }
    const int whole = before < count ? before : count;
    std::memcpy(out, digits, static_cast<std::size_t>(whole));
    out += whole;
    std::memset(out, '0', static_cast<std::size_t>(before - whole));
    out += before - whole;
    if (whole < count) {
        *out++ = '.';
        std::memcpy(out, digits + whole, static_cast<std::size_t>(count - whole));
        out += count - whole;
    }
    return out;
}

// Four digits after the point without the zeros at their end; not all are zero.
char* put_fraction(char* out, unsigned fraction) {
    *out++ = '.';
    for (unsigned unit = 1000; fraction != 0; unit /= 10) {
        *out++ = static_cast<char>('0' + fraction / unit);
        fraction %= unit;
    }
    return out;
}

// The shortest decimal text that reads back as the same number. With at most 15 digits there is only one such text, so
// where a number of ten-thousandths reads back (both it and 10^4 are exact, so their quotient is the nearest double), it is it.
char* put_float(char* out, double number) {
    if (number == 0) {
        *out++ = '0';
        return out;
    }
    if (number < 0) {
        *out++ = '-';
        number = -number;
    }
    if (number < 1e11) {
        const auto scaled = static_cast<std::uint64_t>(number * 1e4 + 0.5);
        if (static_cast<double>(scaled) / 1e4 == number) {
            out = put_digits(out, scaled / 10000);
            return scaled % 10000 == 0 ? out : put_fraction(out, static_cast<unsigned>(scaled % 10000));
        }
    }
    char text[40];
    const auto made = std::to_chars(text, text + sizeof text, number, std::chars_format::scientific);
    return put_expanded(out, text, made.ptr);
}

}  // namespace
