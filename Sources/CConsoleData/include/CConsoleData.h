// The web console's files, carried in the binary, and the compression that browsers ask for.
#ifndef C_CONSOLE_DATA_H
#define C_CONSOLE_DATA_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    // Relative to web/, such as "assets/app.js".
    const char *path;
    const uint8_t *bytes;
    size_t length;
} sira_console_file;

// All files, ordered by their paths.
const sira_console_file *sira_console_files(size_t *count);

// Compresses as gzip (RFC 1952) does, with the greatest effort, into memory of `sira_console_gzip_bound(length)` bytes.
// Returns the bytes written; 0 when that failed.
size_t sira_console_gzip(const uint8_t *bytes, size_t length, uint8_t *output, size_t capacity);
size_t sira_console_gzip_bound(size_t length);

#endif
