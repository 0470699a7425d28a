// simdjson's first stage marks, with vector instructions, where each token of a text begins; this file is a
// second stage of our own on top of it. simdjson's second stages either copy every string and number (the
// document object model) or leave what is skipped unchecked (on demand); a gateway wants everything checked and
// nothing copied.
#include "CSimdJSON.h"

#include <simdjson.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>
#include <string>
#include <vector>

namespace {

// Buffers above this size are given back after use: one huge body must not keep its memory for ever.
constexpr size_t keptCapacity = 1 << 20;
constexpr uint32_t noParent = UINT32_MAX;

bool isDigit(uint8_t byte) { return byte >= '0' && byte <= '9'; }
bool isSpace(uint8_t byte) { return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t'; }

// The grammar of numbers, RFC 8259, section 6.
bool isNumber(const uint8_t *at, const uint8_t *end) {
    if (at < end && *at == '-') at++;
    if (at == end || !isDigit(*at)) return false;
    if (*at == '0') {
        at++;
    } else {
        while (at < end && isDigit(*at)) at++;
    }
    if (at < end && *at == '.') {
        if (++at == end || !isDigit(*at)) return false;
        while (at < end && isDigit(*at)) at++;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        if (++at < end && (*at == '+' || *at == '-')) at++;
        if (at == end || !isDigit(*at)) return false;
        while (at < end && isDigit(*at)) at++;
    }
    return at == end;
}

int hexDigit(uint8_t byte) {
    if (isDigit(byte)) return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

// The grammar of escapes, RFC 8259, section 7. Lone surrogates are let through, as every decoder does.
bool escapesAreValid(const uint8_t *at, const uint8_t *end) {
    while ((at = static_cast<const uint8_t *>(memchr(at, '\\', end - at)))) {
        if (++at == end) return false;
        if (*at == 'u') {
            if (end - at < 5) return false;
            for (int i = 1; i <= 4; i++) {
                if (hexDigit(at[i]) < 0) return false;
            }
            at += 5;
        } else {
            if (!memchr("\"\\/bfnrt", *at, 8)) return false;
            at++;
        }
    }
    return true;
}

// What a key's ASCII escapes stand for, so that "mod\u0065l" is seen to be "model". Anything beyond ASCII stays as
// written: it cannot be the name of a field that Sira reads.
std::string asciiUnescaped(const uint8_t *at, const uint8_t *end) {
    std::string text;
    while (at < end) {
        if (*at != '\\') {
            text.push_back(static_cast<char>(*at++));
        } else if (at[1] == 'u') {
            int code = 0;
            for (int i = 2; i < 6; i++) code = code << 4 | hexDigit(at[i]);
            if (code < 128) {
                text.push_back(static_cast<char>(code));
            } else {
                text.append(reinterpret_cast<const char *>(at), 6);
            }
            at += 6;
        } else {
            static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
            text.push_back(values[strchr(names, at[1]) - names]);
            at += 2;
        }
    }
    return text;
}

}  // namespace

struct sira_json_indexer {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> stage1;
    std::vector<sira_json_node> nodes;
    std::vector<uint32_t> parents;  // the open containers, as node indices

    bool reserve(size_t length) {
        if (stage1 && stage1->capacity() >= length) return true;
        size_t capacity = std::max<size_t>(length, 4096);
        return simdjson::get_active_implementation()->create_dom_parser_implementation(capacity, 1, stage1)
            == simdjson::SUCCESS;
    }

    void trim() {
        if (stage1 && stage1->capacity() > keptCapacity) stage1.reset();
    }

    sira_json_status walk(
        const uint8_t *bytes, size_t length, uint32_t maxDepth, uint32_t maxNodes, bool refuseDuplicates,
        size_t *offset);
    bool hasDuplicateKey(const uint8_t *bytes, uint32_t object, size_t *offset) const;
};

bool sira_json_indexer::hasDuplicateKey(const uint8_t *bytes, uint32_t object, size_t *offset) const {
    struct Key {
        const uint8_t *text;
        uint32_t length, node;
    };
    Key few[16];
    std::vector<Key> many;
    std::vector<std::unique_ptr<std::string>> unescaped;
    size_t count = 0;
    for (uint32_t node = object + 1; node < nodes.size(); node = nodes[node + 1].next) {
        const auto &key = nodes[node];
        Key entry{bytes + key.start + 1, key.end - key.start - 2, node};
        if (key.escaped) {
            unescaped.push_back(
                std::make_unique<std::string>(asciiUnescaped(entry.text, entry.text + entry.length)));
            entry.text = reinterpret_cast<const uint8_t *>(unescaped.back()->data());
            entry.length = static_cast<uint32_t>(unescaped.back()->size());
        }
        if (count < 16) {
            few[count] = entry;
        } else {
            if (count == 16) many.assign(few, few + 16);
            many.push_back(entry);
        }
        count++;
    }
    auto same = [](const Key &a, const Key &b) {
        return a.length == b.length && memcmp(a.text, b.text, a.length) == 0;
    };
    if (count <= 16) {
        for (size_t i = 1; i < count; i++) {
            for (size_t j = 0; j < i; j++) {
                if (same(few[i], few[j])) {
                    *offset = nodes[few[i].node].start;
                    return true;
                }
            }
        }
        return false;
    }
    std::sort(many.begin(), many.end(), [](const Key &a, const Key &b) {
        int order = memcmp(a.text, b.text, std::min(a.length, b.length));
        if (order != 0) return order < 0;
        return a.length != b.length ? a.length < b.length : a.node < b.node;
    });
    auto twin = std::adjacent_find(many.begin(), many.end(), same);
    if (twin == many.end()) return false;
    *offset = nodes[(twin + 1)->node].start;
    return true;
}

sira_json_status sira_json_indexer::walk(
    const uint8_t *bytes, size_t length, uint32_t maxDepth, uint32_t maxNodes, bool refuseDuplicates,
    size_t *offset) {
    const uint32_t *tokens = stage1->structural_indexes.get();
    const size_t tokenCount = stage1->n_structural_indexes;
    enum { wantValue, wantKey, wantKeyOrEnd, wantValueOrEnd, wantCommaOrEnd, wantNothing } state = wantValue;
    nodes.clear();
    parents.clear();

    // The text of a token ends where the next one begins, less the space between.
    auto endOf = [&](size_t token) {
        size_t end = token + 1 < tokenCount ? tokens[token + 1] : length;
        while (end > tokens[token] + 1 && isSpace(bytes[end - 1])) end--;
        return end;
    };
    auto inObject = [&] { return nodes[parents.back()].kind == SIRA_JSON_OBJECT; };

    for (size_t token = 0; token < tokenCount; token++) {
        const uint32_t start = tokens[token];
        const uint8_t byte = bytes[start];
        *offset = start;
        if (nodes.size() >= maxNodes) return SIRA_JSON_TOO_MANY_VALUES;

        if (byte == ',') {
            if (state != wantCommaOrEnd) return SIRA_JSON_SYNTAX;
            state = inObject() ? wantKey : wantValue;
            continue;
        }
        if (byte == '}' || byte == ']') {
            const bool closesObject = byte == '}';
            const bool mayEnd = state == wantCommaOrEnd || state == (closesObject ? wantKeyOrEnd : wantValueOrEnd);
            if (parents.empty() || !mayEnd || inObject() != closesObject) return SIRA_JSON_SYNTAX;
            auto &container = nodes[parents.back()];
            container.end = start + 1;
            container.next = static_cast<uint32_t>(nodes.size());
            if (closesObject && refuseDuplicates && hasDuplicateKey(bytes, parents.back(), offset)) {
                return SIRA_JSON_DUPLICATE_KEY;
            }
            parents.pop_back();
            state = parents.empty() ? wantNothing : wantCommaOrEnd;
            continue;
        }

        const uint32_t index = static_cast<uint32_t>(nodes.size());
        if (state == wantKey || state == wantKeyOrEnd) {
            const size_t end = endOf(token);
            if (byte != '"' || end - start < 2 || bytes[end - 1] != '"') return SIRA_JSON_SYNTAX;
            const bool escaped = memchr(bytes + start, '\\', end - start) != nullptr;
            if (escaped && !escapesAreValid(bytes + start + 1, bytes + end - 1)) return SIRA_JSON_SYNTAX;
            nodes.push_back({start, static_cast<uint32_t>(end), index + 1, SIRA_JSON_KEY, escaped, 0});
            if (++token >= tokenCount) return SIRA_JSON_INCOMPLETE;
            *offset = tokens[token];
            if (bytes[tokens[token]] != ':') return SIRA_JSON_SYNTAX;
            state = wantValue;
            continue;
        }
        if (state != wantValue && state != wantValueOrEnd) return SIRA_JSON_SYNTAX;

        if (byte == '{' || byte == '[') {
            if (parents.size() >= maxDepth) return SIRA_JSON_TOO_DEEP;
            nodes.push_back({start, 0, noParent, static_cast<uint8_t>(byte == '{' ? SIRA_JSON_OBJECT : SIRA_JSON_ARRAY), 0, 0});
            parents.push_back(index);
            state = byte == '{' ? wantKeyOrEnd : wantValueOrEnd;
            continue;
        }
        const size_t end = endOf(token);
        const size_t size = end - start;
        const uint8_t *text = bytes + start;
        sira_json_kind kind;
        bool escaped = false;
        if (byte == '"') {
            if (size < 2 || text[size - 1] != '"') return SIRA_JSON_SYNTAX;
            kind = SIRA_JSON_STRING;
            escaped = memchr(text, '\\', size) != nullptr;
            if (escaped && !escapesAreValid(text + 1, text + size - 1)) return SIRA_JSON_SYNTAX;
        } else if (byte == 't' && size == 4 && memcmp(text, "true", 4) == 0) {
            kind = SIRA_JSON_TRUE;
        } else if (byte == 'f' && size == 5 && memcmp(text, "false", 5) == 0) {
            kind = SIRA_JSON_FALSE;
        } else if (byte == 'n' && size == 4 && memcmp(text, "null", 4) == 0) {
            kind = SIRA_JSON_NULL;
        } else if (isNumber(text, text + size)) {
            kind = SIRA_JSON_NUMBER;
        } else {
            return SIRA_JSON_SYNTAX;
        }
        nodes.push_back({start, static_cast<uint32_t>(end), index + 1, static_cast<uint8_t>(kind), escaped, 0});
        state = parents.empty() ? wantNothing : wantCommaOrEnd;
    }
    *offset = length;
    return state == wantNothing ? SIRA_JSON_OK : SIRA_JSON_INCOMPLETE;
}

sira_json_indexer *sira_json_indexer_create(void) { return new (std::nothrow) sira_json_indexer(); }

void sira_json_indexer_destroy(sira_json_indexer *indexer) { delete indexer; }

sira_json_status sira_json_index(
    sira_json_indexer *indexer, const uint8_t *bytes, size_t length, uint32_t max_depth, uint32_t max_nodes,
    bool refuse_duplicates, const sira_json_node **nodes, size_t *count, size_t *offset) {
    *offset = 0;
    if (length == 0) return SIRA_JSON_EMPTY;
    if (length >= UINT32_MAX - 64) return SIRA_JSON_TOO_LONG;
    try {
        if (!indexer->reserve(length)) return SIRA_JSON_NO_MEMORY;
        switch (indexer->stage1->stage1(bytes, length, simdjson::stage1_mode::regular)) {
        case simdjson::SUCCESS: break;
        case simdjson::EMPTY: return SIRA_JSON_EMPTY;
        case simdjson::UNCLOSED_STRING: *offset = length; return SIRA_JSON_INCOMPLETE;
        case simdjson::UTF8_ERROR: return SIRA_JSON_NOT_UTF8;
        case simdjson::UNESCAPED_CHARS: return SIRA_JSON_CONTROL_CHARACTER;
        default: return SIRA_JSON_SYNTAX;
        }
        if (indexer->nodes.capacity() * sizeof(sira_json_node) > keptCapacity) {
            std::vector<sira_json_node>().swap(indexer->nodes);
        }
        auto status = indexer->walk(bytes, length, max_depth, max_nodes, refuse_duplicates, offset);
        indexer->trim();
        if (status != SIRA_JSON_OK) return status;
        *nodes = indexer->nodes.data();
        *count = indexer->nodes.size();
        return SIRA_JSON_OK;
    } catch (const std::bad_alloc &) {
        return SIRA_JSON_NO_MEMORY;
    }
}
