#include "CConsoleData.h"

#include <zlib.h>

// A window of 32 KB, and 16 to have zlib write gzip's header and trailer.
enum { window = 15 + 16, memory = 9, header = 18 };

size_t sira_console_gzip_bound(size_t length) { return compressBound((uLong)length) + header; }

size_t sira_console_gzip(const uint8_t *bytes, size_t length, uint8_t *output, size_t capacity) {
    z_stream stream = {0};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window, memory, Z_DEFAULT_STRATEGY) != Z_OK) return 0;
    // zlib's interface predates const; it only reads.
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)length;
    stream.next_out = output;
    stream.avail_out = (uInt)capacity;
    int result = deflate(&stream, Z_FINISH);
    size_t written = stream.total_out;
    deflateEnd(&stream);
    return result == Z_STREAM_END ? written : 0;
}
