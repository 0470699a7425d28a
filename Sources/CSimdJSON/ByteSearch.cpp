#include "CSimdJSON.h"

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>

// Sixteen places at a time: the second and the last byte of what is sought are compared at once, and the rest only where
// both are right. memmem looks at one place after another, which takes longer than all else that a large body is read for.
static const void *find_by_blocks(const uint8_t *bytes, size_t length, const uint8_t *needle, size_t needle_length) {
    const size_t last = needle_length - 1;
    const __m128i second_byte = _mm_set1_epi8((char)needle[1]);
    const __m128i last_byte = _mm_set1_epi8((char)needle[last]);
    size_t at = 0;
    for (; at + last + 16 <= length; at += 16) {
        const __m128i seconds = _mm_loadu_si128((const __m128i *)(bytes + at + 1));
        const __m128i lasts = _mm_loadu_si128((const __m128i *)(bytes + at + last));
        const __m128i both = _mm_and_si128(_mm_cmpeq_epi8(seconds, second_byte), _mm_cmpeq_epi8(lasts, last_byte));
        for (unsigned places = (unsigned)_mm_movemask_epi8(both); places != 0; places &= places - 1) {
            const uint8_t *place = bytes + at + __builtin_ctz(places);
            if (place[0] == needle[0] && memcmp(place, needle, needle_length) == 0) return place;
        }
    }
    return memmem(bytes + at, length - at, needle, needle_length);
}
#endif

const void *sira_find(const void *bytes, size_t length, const void *needle, size_t needle_length) {
    if (needle_length == 1) return memchr(bytes, *(const uint8_t *)needle, length);
#if defined(__SSE2__)
    if (needle_length >= 2) {
        return find_by_blocks((const uint8_t *)bytes, length, (const uint8_t *)needle, needle_length);
    }
#endif
    return memmem(bytes, length, needle, needle_length);
}
