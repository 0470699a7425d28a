#include "CSimdJSON.h"

#include <string_view>

// memmem is not everywhere; a string view's search is, and uses memchr.
const void *sira_find(const void *bytes, size_t length, const void *needle, size_t needle_length) {
    std::string_view text(static_cast<const char *>(bytes), length);
    size_t at = text.find(std::string_view(static_cast<const char *>(needle), needle_length));
    return at == std::string_view::npos ? nullptr : text.data() + at;
}
