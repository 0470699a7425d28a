// A make-believe model provider for benchmarks: one thread, epoll, HTTP/1.1 keep-alive.
//
//   mock -p PORT [-n CHUNKS] [-g GAP_US]
//
// POST of anything answers a fixed chat completion, or, when the JSON body has "stream":true, a stream of
// server-sent events with CHUNKS pieces of text, GAP_US microseconds apart (0: as fast as the peer reads).
// A text inside any message overrides both for that one request: BENCH chunks=100 gap_us=50000
// A path that ends in /messages is answered in Anthropic's format, every other path in OpenAI's.
// GET of anything answers how many requests and pieces were served, so that a benchmark can tell whether a
// gateway really passed its requests on.
//
// Each piece of text holds the moment it was made, ~0000123456789012345~, in nanoseconds of
// CLOCK_MONOTONIC. That clock is the same in every process of one machine, so whoever reads the stream
// knows how long the piece was on its way.

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

enum {
    READ_SIZE = 64 * 1024,
    // How much of a stream without gaps is made before the next connection gets its turn.
    TURN_SIZE = 16 * 1024,
    MAX_REQUEST = 64 * 1024 * 1024,
    STAMP_DIGITS = 19,
};

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

// ---- Bytes that grow ------------------------------------------------------------------------------------

typedef struct {
    char *data;
    size_t length, capacity;
} Bytes;

static char *bytes_reserve(Bytes *b, size_t extra) {
    if (b->length + extra > b->capacity) {
        b->capacity = (b->length + extra) * 2;
        b->data = realloc(b->data, b->capacity);
        if (!b->data) die("realloc");
    }
    return b->data + b->length;
}

static void bytes_append(Bytes *b, const char *data, size_t length) {
    memcpy(bytes_reserve(b, length), data, length);
    b->length += length;
}

static void bytes_drop_front(Bytes *b, size_t count) {
    memmove(b->data, b->data + count, b->length - count);
    b->length -= count;
}

// Faster than memmem for the needles used here: their first byte is rare in a prompt, and memchr runs at
// memory speed.
static const char *find(const char *hay, size_t length, const char *needle) {
    size_t size = strlen(needle);
    const char *end = hay + length;
    for (const char *p = hay; (size_t)(end - p) >= size; p++) {
        p = memchr(p, needle[0], (size_t)(end - p) - size + 1);
        if (!p) return NULL;
        if (memcmp(p, needle, size) == 0) return p;
    }
    return NULL;
}

// ---- What is answered -----------------------------------------------------------------------------------

typedef enum { OPENAI, ANTHROPIC } Protocol;

static const char *const plain_answer[] = {
    [OPENAI] =
        "{\"id\":\"chatcmpl-bench0000000000000000000000\",\"object\":\"chat.completion\",\"created\":1760000000,"
        "\"model\":\"bench-model\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":"
        "\"A gateway stands between applications and models: it checks the key, picks the provider, passes the "
        "bytes on and writes down what was used.\",\"refusal\":null,\"annotations\":[]},\"logprobs\":null,"
        "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":212,\"completion_tokens\":31,"
        "\"total_tokens\":243,\"prompt_tokens_details\":{\"cached_tokens\":0,\"audio_tokens\":0},"
        "\"completion_tokens_details\":{\"reasoning_tokens\":0,\"audio_tokens\":0}},"
        "\"service_tier\":\"default\",\"system_fingerprint\":\"fp_bench\"}",
    [ANTHROPIC] =
        "{\"id\":\"msg_bench0000000000000000000\",\"type\":\"message\",\"role\":\"assistant\","
        "\"model\":\"bench-model\",\"content\":[{\"type\":\"text\",\"text\":"
        "\"A gateway stands between applications and models: it checks the key, picks the provider, passes the "
        "bytes on and writes down what was used.\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
        "\"usage\":{\"input_tokens\":212,\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,"
        "\"output_tokens\":31,\"service_tier\":\"standard\"}}",
};

#define OPENAI_CHUNK_START \
    "data: {\"id\":\"chatcmpl-bench0000000000000000000000\",\"object\":\"chat.completion.chunk\"," \
    "\"created\":1760000000,\"model\":\"bench-model\",\"system_fingerprint\":\"fp_bench\","

static const char *const stream_opening[] = {
    [OPENAI] = OPENAI_CHUNK_START
        "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},"
        "\"logprobs\":null,\"finish_reason\":null}]}\n\n",
    [ANTHROPIC] =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":"
        "\"msg_bench0000000000000000000\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"bench-model\","
        "\"content\":[],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":212,"
        "\"cache_creation_input_tokens\":0,\"cache_read_input_tokens\":0,\"output_tokens\":1}}}\n\n"
        "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
        "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n",
};

// The zeroes are overwritten with the moment.
static const char *const stream_piece[] = {
    [OPENAI] = OPENAI_CHUNK_START
        "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" ~0000000000000000000~\"},"
        "\"logprobs\":null,\"finish_reason\":null}]}\n\n",
    [ANTHROPIC] =
        "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
        "\"delta\":{\"type\":\"text_delta\",\"text\":\" ~0000000000000000000~\"}}\n\n",
};

static const char stream_head[] =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nCache-Control: no-cache\r\n"
    "x-request-id: req_bench\r\nTransfer-Encoding: chunked\r\n\r\n";

// A piece of text as it goes over the wire, made once per protocol.
static struct {
    char *bytes;
    size_t length, stamp_at;
} piece_on_wire[2];

// Providers send one HTTP chunk for each event, so a gateway has to cope with that many.
static void append_http_chunk(Bytes *out, const char *data, size_t length) {
    char size[24];
    int digits = snprintf(size, sizeof size, "%zx\r\n", length);
    bytes_append(out, size, (size_t)digits);
    bytes_append(out, data, length);
    bytes_append(out, "\r\n", 2);
}

static void prepare_pieces(void) {
    for (int protocol = OPENAI; protocol <= ANTHROPIC; protocol++) {
        Bytes wire = {0};
        append_http_chunk(&wire, stream_piece[protocol], strlen(stream_piece[protocol]));
        piece_on_wire[protocol].bytes = wire.data;
        piece_on_wire[protocol].length = wire.length;
        piece_on_wire[protocol].stamp_at = (size_t)(strchr(wire.data, '~') + 1 - wire.data);
    }
}

static void append_piece(Bytes *out, Protocol protocol) {
    char *to = bytes_reserve(out, piece_on_wire[protocol].length);
    memcpy(to, piece_on_wire[protocol].bytes, piece_on_wire[protocol].length);
    char *digit = to + piece_on_wire[protocol].stamp_at + STAMP_DIGITS;
    for (int64_t moment = now_ns(); moment > 0; moment /= 10) *--digit = (char)('0' + moment % 10);
    out->length += piece_on_wire[protocol].length;
}

static void append_stream_end(Bytes *out, Protocol protocol, long pieces, bool usage) {
    char text[1024];
    int length;
    if (protocol == ANTHROPIC) {
        length = snprintf(text, sizeof text,
            "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n"
            "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
            "\"stop_sequence\":null},\"usage\":{\"output_tokens\":%ld}}\n\n"
            "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n", pieces);
        append_http_chunk(out, text, (size_t)length);
    } else {
        length = snprintf(text, sizeof text, OPENAI_CHUNK_START
            "\"choices\":[{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n");
        append_http_chunk(out, text, (size_t)length);
        if (usage) {
            length = snprintf(text, sizeof text, OPENAI_CHUNK_START
                "\"choices\":[],\"usage\":{\"prompt_tokens\":212,\"completion_tokens\":%ld,"
                "\"total_tokens\":%ld,\"prompt_tokens_details\":{\"cached_tokens\":0}}}\n\n",
                pieces, 212 + pieces);
            append_http_chunk(out, text, (size_t)length);
        }
        append_http_chunk(out, "data: [DONE]\n\n", 14);
    }
    bytes_append(out, "0\r\n\r\n", 5);
}

// ---- Connections ----------------------------------------------------------------------------------------

typedef struct {
    int fd;
    bool wants_writable;

    // The request being read. Nothing is known of it until its head is complete.
    Bytes in;
    size_t head_length, body_length;
    bool chunked;
    // For a chunked request: the next byte to look at. Decoded bytes are moved down to follow the head.
    size_t chunk_scan;

    // The answer being written.
    Bytes out;
    size_t out_sent;

    // The stream being answered; `pieces_left` is 0 when there is none.
    Protocol protocol;
    bool usage;
    long pieces, pieces_left;
    int64_t gap, due;
    size_t heap_index;
} Connection;

static int epoll_fd, timer_fd;
static long default_pieces = 100;
static int64_t default_gap = 0;
static uint64_t requests_served, pieces_served;

// Streams with gaps wait in a binary heap, the one due first on top.
static Connection **heap;
static size_t heap_count, heap_capacity;
enum { NOT_IN_HEAP = 0 }; // the heap starts at index 1

static void heap_place(size_t index, Connection *c) {
    heap[index] = c;
    c->heap_index = index;
}

static void heap_settle(size_t index, Connection *c) {
    while (index > 1 && heap[index / 2]->due > c->due) {
        heap_place(index, heap[index / 2]);
        index /= 2;
    }
    for (size_t child = index * 2; child <= heap_count; child = index * 2) {
        if (child < heap_count && heap[child + 1]->due < heap[child]->due) child++;
        if (heap[child]->due >= c->due) break;
        heap_place(index, heap[child]);
        index = child;
    }
    heap_place(index, c);
}

static void heap_add(Connection *c) {
    if (heap_count + 2 > heap_capacity) {
        heap_capacity = heap_capacity ? heap_capacity * 2 : 1024;
        heap = realloc(heap, heap_capacity * sizeof *heap);
        if (!heap) die("realloc");
    }
    heap_count++;
    heap_settle(heap_count, c);
}

static void heap_remove(Connection *c) {
    if (c->heap_index == NOT_IN_HEAP) return;
    Connection *last = heap[heap_count--];
    if (last != c) heap_settle(c->heap_index, last);
    c->heap_index = NOT_IN_HEAP;
}

static void connection_close(Connection *c) {
    heap_remove(c);
    close(c->fd);
    free(c->in.data);
    free(c->out.data);
    free(c);
}

static void watch(Connection *c, bool writable) {
    if (c->wants_writable == writable) return;
    c->wants_writable = writable;
    struct epoll_event e = {.events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

// Writes what it can. False when the peer is gone.
static bool flush_out(Connection *c) {
    while (c->out_sent < c->out.length) {
        ssize_t n = send(c->fd, c->out.data + c->out_sent, c->out.length - c->out_sent, MSG_NOSIGNAL);
        if (n < 0) {
            if (errno != EAGAIN) return false;
            watch(c, true);
            return true;
        }
        c->out_sent += (size_t)n;
    }
    c->out.length = c->out_sent = 0;
    // A stream without gaps goes on in the next turn of the loop, when the socket is found writable.
    watch(c, c->pieces_left > 0 && c->gap == 0);
    return true;
}

static void append_one_piece(Connection *c) {
    append_piece(&c->out, c->protocol);
    pieces_served++;
    if (--c->pieces_left == 0) append_stream_end(&c->out, c->protocol, c->pieces, c->usage);
}

static bool stream_turn_without_gaps(Connection *c) {
    while (c->pieces_left > 0 && c->out.length < TURN_SIZE) append_one_piece(c);
    return flush_out(c);
}

// ---- Requests -------------------------------------------------------------------------------------------

static const char *header_value(const char *head, size_t length, const char *name) {
    size_t size = strlen(name);
    const char *end = head + length;
    for (const char *line = head; line && (size_t)(end - line) > size + 1;) {
        line = memchr(line, '\n', (size_t)(end - line));
        if (!line) break;
        line++;
        if ((size_t)(end - line) > size && line[size] == ':' && strncasecmp(line, name, size) == 0) {
            line += size + 1;
            while (*line == ' ') line++;
            return line;
        }
    }
    return NULL;
}

// Accepts "name":true with any white space around the colon, as clients differ in it.
static bool json_flag(const char *body, size_t length, const char *quoted_name) {
    const char *end = body + length;
    for (const char *p = body; (p = find(p, (size_t)(end - p), quoted_name));) {
        p += strlen(quoted_name);
        const char *value = p;
        while (value < end && (*value == ' ' || *value == ':')) value++;
        if (end - value >= 4 && memcmp(value, "true", 4) == 0) return true;
    }
    return false;
}

static void answer(Connection *c, const char *body, size_t length) {
    char head[256];
    int size = snprintf(head, sizeof head,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nx-request-id: req_bench\r\n"
        "Content-Length: %zu\r\n\r\n", length);
    bytes_append(&c->out, head, (size_t)size);
    bytes_append(&c->out, body, length);
}

static void read_directive(Connection *c, const char *body) {
    const char *found = find(body, c->body_length, "BENCH chunks=");
    if (!found) return;
    // A copy, because sscanf needs a string that ends.
    char text[64] = {0};
    size_t left = (size_t)(body + c->body_length - found);
    memcpy(text, found, left < sizeof text ? left : sizeof text - 1);
    long pieces, gap_us;
    if (sscanf(text, "BENCH chunks=%ld gap_us=%ld", &pieces, &gap_us) == 2 && pieces > 0 && gap_us >= 0) {
        c->pieces = pieces;
        c->gap = gap_us * 1000LL;
    }
}

static bool begin_stream(Connection *c, const char *body) {
    c->pieces = default_pieces;
    c->gap = default_gap;
    c->usage = json_flag(body, c->body_length, "\"include_usage\"");
    read_directive(c, body);
    c->pieces_left = c->pieces;

    bytes_append(&c->out, stream_head, sizeof stream_head - 1);
    append_http_chunk(&c->out, stream_opening[c->protocol], strlen(stream_opening[c->protocol]));
    if (c->gap == 0) return stream_turn_without_gaps(c);

    append_one_piece(c);
    if (c->pieces_left > 0) {
        c->due = now_ns() + c->gap;
        heap_add(c);
    }
    return flush_out(c);
}

static bool answer_request(Connection *c) {
    const char *head = c->in.data, *body = c->in.data + c->head_length;
    if (memcmp(head, "POST ", 5) != 0) {
        char text[96];
        int length = snprintf(text, sizeof text, "{\"requests\":%llu,\"chunks\":%llu}",
            (unsigned long long)requests_served, (unsigned long long)pieces_served);
        answer(c, text, (size_t)length);
        return flush_out(c);
    }
    requests_served++;
    const char *path_end = memchr(head + 5, ' ', c->head_length - 5);
    bool messages = path_end && path_end - head > 9 && memcmp(path_end - 9, "/messages", 9) == 0;
    c->protocol = messages ? ANTHROPIC : OPENAI;
    if (json_flag(body, c->body_length, "\"stream\"")) return begin_stream(c, body);
    answer(c, plain_answer[c->protocol], strlen(plain_answer[c->protocol]));
    return flush_out(c);
}

typedef enum { INCOMPLETE, COMPLETE, INVALID } Parsed;

// Moves the data of the chunks that have come down to just behind the head.
static Parsed decode_chunks(Connection *c) {
    for (;;) {
        const char *line = c->in.data + c->chunk_scan;
        const char *newline = memchr(line, '\n', c->in.length - c->chunk_scan);
        if (!newline) return INCOMPLETE;
        char *after_size;
        size_t size = strtoul(line, &after_size, 16);
        if (after_size == line || size > MAX_REQUEST) return INVALID;
        size_t data_at = (size_t)(newline + 1 - c->in.data);
        if (c->in.length < data_at + size + 2) return INCOMPLETE;
        memmove(c->in.data + c->head_length + c->body_length, c->in.data + data_at, size);
        c->body_length += size;
        c->chunk_scan = data_at + size + 2;
        if (size == 0) return COMPLETE;
    }
}

// Looks at what has been read, and says whether it is a whole request. `*used` is its size.
static Parsed parse_request(Connection *c, size_t *used) {
    if (c->head_length == 0) {
        const char *end = c->in.length ? memmem(c->in.data, c->in.length, "\r\n\r\n", 4) : NULL;
        if (!end) return INCOMPLETE;
        c->head_length = (size_t)(end + 4 - c->in.data);
        const char *encoding = header_value(c->in.data, c->head_length, "Transfer-Encoding");
        const char *length = header_value(c->in.data, c->head_length, "Content-Length");
        c->chunked = encoding && strncasecmp(encoding, "chunked", 7) == 0;
        c->chunk_scan = c->head_length;
        c->body_length = c->chunked || !length ? 0 : strtoul(length, NULL, 10);
        if (c->body_length > MAX_REQUEST) return INVALID;
    }
    if (c->chunked) {
        Parsed parsed = decode_chunks(c);
        *used = c->chunk_scan;
        return parsed;
    }
    *used = c->head_length + c->body_length;
    return c->in.length >= *used ? COMPLETE : INCOMPLETE;
}

// Answers the requests that have been read, one after the other. False when the connection must go.
static bool serve(Connection *c) {
    while (c->pieces_left == 0 && c->out.length == 0) {
        size_t used;
        Parsed parsed = parse_request(c, &used);
        if (parsed == INVALID) return false;
        if (parsed == INCOMPLETE) return c->in.length < MAX_REQUEST;
        if (!answer_request(c)) return false;
        bytes_drop_front(&c->in, used);
        c->head_length = c->body_length = 0;
    }
    return true;
}

// ---- The loop -------------------------------------------------------------------------------------------

static bool on_readable(Connection *c) {
    ssize_t n = read(c->fd, bytes_reserve(&c->in, READ_SIZE), READ_SIZE);
    if (n == 0) return false;
    if (n < 0) return errno == EAGAIN;
    c->in.length += (size_t)n;
    return serve(c);
}

static bool on_writable(Connection *c) {
    if (!flush_out(c)) return false;
    if (c->out.length == 0 && c->pieces_left > 0 && c->gap == 0 && !stream_turn_without_gaps(c)) return false;
    return serve(c);
}

static void send_due_pieces(void) {
    int64_t now = now_ns();
    while (heap_count > 0 && heap[1]->due <= now) {
        Connection *c = heap[1];
        append_one_piece(c);
        if (c->pieces_left == 0) {
            heap_remove(c);
        } else {
            // From the last due time, not from now: lateness must not add up.
            c->due += c->gap;
            heap_settle(1, c);
        }
        if (!flush_out(c) || !serve(c)) connection_close(c);
    }
}

static void set_timer(void) {
    static int64_t armed;
    int64_t due = heap_count > 0 ? heap[1]->due : 0;
    if (due == armed) return;
    armed = due;
    struct itimerspec when = {.it_value = {.tv_sec = due / 1000000000, .tv_nsec = due % 1000000000}};
    timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &when, NULL);
}

static void accept_all(int listener) {
    for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
        int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        Connection *c = calloc(1, sizeof *c);
        if (!c) die("calloc");
        c->fd = fd;
        struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
        epoll_ctl(epoll_fd, EPOLL_CTL_ADD, fd, &e);
    }
}

static int listen_on(int port) {
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0) die("bind");
    if (listen(fd, 4096) < 0) die("listen");
    return fd;
}

int main(int argc, char **argv) {
    int port = 0;
    for (int option; (option = getopt(argc, argv, "p:n:g:")) != -1;) {
        switch (option) {
        case 'p': port = atoi(optarg); break;
        case 'n': default_pieces = atol(optarg); break;
        case 'g': default_gap = atol(optarg) * 1000LL; break;
        default: return 2;
        }
    }
    if (port <= 0 || default_pieces <= 0) {
        fprintf(stderr, "usage: mock -p PORT [-n CHUNKS] [-g GAP_US]\n");
        return 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    // A benchmark that is killed must not leave its mock behind.
    prctl(PR_SET_PDEATHSIG, SIGTERM);

    prepare_pieces();
    int listener = listen_on(port);
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = &listener};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, listener, &e);
    e.data.ptr = &timer_fd;
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer_fd, &e);

    for (;;) {
        set_timer();
        struct epoll_event events[256];
        int count = epoll_wait(epoll_fd, events, 256, -1);
        if (count < 0 && errno != EINTR) die("epoll_wait");
        bool timer_rang = false;
        for (int i = 0; i < count; i++) {
            void *source = events[i].data.ptr;
            if (source == &listener) {
                accept_all(listener);
            } else if (source == &timer_fd) {
                uint64_t rings;
                timer_rang = read(timer_fd, &rings, sizeof rings) > 0;
            } else {
                Connection *c = source;
                bool alive = true;
                if (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)) alive = on_readable(c);
                if (alive && (events[i].events & EPOLLOUT)) alive = on_writable(c);
                if (!alive) connection_close(c);
            }
        }
        // After the events, since it may close connections that an event in hand still names.
        if (timer_rang) send_due_pieces();
    }
}
