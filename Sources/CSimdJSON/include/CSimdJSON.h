/// A C face on simdjson: finds where each value of a JSON text begins and ends.
///
/// The text is validated in full (RFC 8259 and UTF-8) and never copied: a node is a span of it. Numbers and
/// strings stay as they are written, so whatever is not changed arrives byte for byte.
#ifndef CSIMDJSON_H
#define CSIMDJSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    SIRA_JSON_NULL,
    SIRA_JSON_FALSE,
    SIRA_JSON_TRUE,
    SIRA_JSON_NUMBER,
    SIRA_JSON_STRING,
    SIRA_JSON_ARRAY,
    SIRA_JSON_OBJECT,
    SIRA_JSON_KEY,
} sira_json_kind;

/// One value or key. Nodes lie in the order of the text; an object's children are key, value, key, value.
typedef struct {
    uint32_t start;   ///< offset of the first byte, quote or bracket included
    uint32_t end;     ///< offset after the last byte
    uint32_t next;    ///< index of the node after this one and everything inside it
    uint8_t kind;     ///< sira_json_kind
    uint8_t escaped;  ///< a string or key that holds a backslash
    uint16_t unused;
} sira_json_node;

typedef enum {
    SIRA_JSON_OK,
    SIRA_JSON_EMPTY,
    SIRA_JSON_SYNTAX,
    SIRA_JSON_INCOMPLETE,
    SIRA_JSON_NOT_UTF8,
    SIRA_JSON_CONTROL_CHARACTER,
    SIRA_JSON_TOO_DEEP,
    SIRA_JSON_TOO_MANY_VALUES,
    SIRA_JSON_DUPLICATE_KEY,
    SIRA_JSON_TOO_LONG,
    SIRA_JSON_NO_MEMORY,
} sira_json_status;

/// Buffers that are used again from text to text. Not safe to share between threads.
typedef struct sira_json_indexer sira_json_indexer;

sira_json_indexer *sira_json_indexer_create(void);
void sira_json_indexer_destroy(sira_json_indexer *indexer);

/// Indexes `length` bytes. On success `*nodes` holds `*count` nodes, the root first, until the next call.
/// On failure `*offset` is where the text stops making sense, as near as it is known.
sira_json_status sira_json_index(
    sira_json_indexer *indexer, const uint8_t *bytes, size_t length, uint32_t max_depth, uint32_t max_nodes,
    bool refuse_duplicates, const sira_json_node **nodes, size_t *count, size_t *offset);

/// Where the needle first stands in the bytes; null when it does not.
const void *sira_find(const void *bytes, size_t length, const void *needle, size_t needle_length);

#ifdef __cplusplus
}
#endif
#endif
