// A load generator for gateways to language models: one thread, epoll, HTTP/1.1 keep-alive.
//
//   load -t 127.0.0.1:PORT -b BODYFILE [options]
//     -p PATH         where to POST (/v1/chat/completions)
//     -H 'Name: x'    one more header; may be repeated
//     -c CONNECTIONS  (1)
//     -R SECONDS      ramp: connections are opened evenly over this time (0)
//     -w SECONDS      warm-up after the ramp, not counted (0)
//     -d SECONDS      how long is counted (1)
//     -r RATE         open loop: requests per second, whatever the server does
//     -n CHUNKS       how many stamped chunks a whole answer has; another number is an error
//     --json          result as one line of JSON
//     --marks         print "begin" and "end" when counting begins and ends, and keep the connections open
//                     after the end until a line comes in, so that a script can look at the server meanwhile
//
// Closed loop (no -r): each connection sends its next request when its answer is complete.
//
// Open loop: request number i is due at a moment fixed beforehand, and its latency counts from that moment.
// If the server stalls, the requests that pile up behind the stall are charged the time they waited. A
// generator that would only start its clock when it gets round to sending hides just the stalls one looks
// for ("coordinated omission").
//
// Chunks: the mock writes the moment it made a chunk into the chunk's text, ~0123456789012345678~. From it:
//   transit      from made by the mock until read here
//   jitter       how much the transit of a chunk differs from that of the chunk before, in one stream
//   first chunk  from due (open loop) or sent (closed loop) until the first chunk was read

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
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
    MAX_HEAD = 8192,
    TAIL_SIZE = 128,
    STAMP_DIGITS = 19,
    READ_SIZE = 256 * 1024,
};
static const int64_t SECOND = 1000000000;
// How long an open loop waits after its end for answers that are still due.
static const int64_t DRAIN_TIME = 2 * 1000000000LL;

static void die(const char *what) {
    perror(what);
    exit(1);
}

static int64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * SECOND + t.tv_nsec;
}

// ---- Histogram ------------------------------------------------------------------------------------------

// Counts nanoseconds in buckets that are 1 wide below 2,048, 2 wide below 4,096, 4 wide below 8,192 and so
// on: every power of two is cut into 1,024, so the middle of a bucket is within 0.05 % of what is in it.
enum { CUT_BITS = 10, CUTS = 1 << CUT_BITS, POWERS = 32 };

typedef struct {
    uint64_t count;
    int64_t largest;
    double sum;
    uint64_t buckets[POWERS * CUTS];
} Histogram;

static void histogram_add(Histogram *h, int64_t value) {
    if (value < 0) value = 0;
    int shift = 0;
    if (value >= 2 * CUTS) shift = 63 - __builtin_clzll((uint64_t)value) - CUT_BITS;
    int64_t bucket = (int64_t)shift * CUTS + (value >> shift);
    if (bucket >= POWERS * CUTS) bucket = POWERS * CUTS - 1;
    h->buckets[bucket]++;
    h->count++;
    h->sum += (double)value;
    if (value > h->largest) h->largest = value;
}

static double histogram_quantile_us(const Histogram *h, double quantile) {
    uint64_t wanted = (uint64_t)(quantile * (double)h->count), seen = 0;
    for (int bucket = 0; bucket < POWERS * CUTS; bucket++) {
        seen += h->buckets[bucket];
        if (seen <= wanted) continue;
        int shift = bucket < 2 * CUTS ? 0 : bucket / CUTS - 1;
        int64_t low = (int64_t)(bucket - shift * CUTS) << shift;
        double middle = (double)low + (double)((1LL << shift) - 1) / 2;
        return (middle < (double)h->largest ? middle : (double)h->largest) / 1000;
    }
    return (double)h->largest / 1000;
}

// ---- State ----------------------------------------------------------------------------------------------

typedef enum { UNOPENED, CONNECTING, IDLE, SENDING, WAITING } Phase;
typedef enum { HEAD, FIXED, CHUNK_SIZE, CHUNK_DATA, CHUNK_DATA_END, TRAILER } Part;

typedef struct {
    int fd;
    Phase phase;
    bool wants_writable;
    bool in_idle_queue;
    size_t sent;
    int64_t due; // what the latency of the request in hand counts from

    // The answer being read.
    Part part;
    char head[MAX_HEAD];
    size_t head_length;
    int status;
    bool closes, is_stream;
    uint64_t left; // bytes of the body or of the HTTP chunk
    size_t line_length;
    char tail[TAIL_SIZE]; // the last bytes of the body, where a whole answer is told from a broken one
    size_t tail_length;

    // The stamps in it.
    int stamp_digits; // of the stamp being read, -1 outside of one
    int64_t stamp, last_transit;
    long chunks;
} Connection;

static struct {
    struct sockaddr_in target;
    const char *path;
    int connections;
    double ramp, warmup, duration, rate;
    long chunks;
    bool json, marks;
} options = {.path = "/v1/chat/completions", .connections = 1, .duration = 1};

static char *request;
static size_t request_length;

static Connection *connections;
static int opened;
static int epoll_fd, timer_fd;
static int64_t start_time, first_due, begin_time, end_time;

// Open loop: the number of the next request, and the connections that are free, first in first out so
// that all of them stay in use.
static int64_t next_request;
static Connection **idle;
static size_t idle_first, idle_count;

static Histogram latency, first_chunk, transit, jitter;
static uint64_t answers, chunks_read, bytes_read;
static uint64_t errors_status, errors_broken, errors_unanswered;
static char first_error[512];
static const Connection *first_error_from;

static bool counted(int64_t moment) { return moment >= begin_time && moment < end_time; }

// In an open loop a request belongs to the time it was due, in a closed one to the time it was done.
static bool request_counted(const Connection *c, int64_t now) {
    return counted(options.rate > 0 ? c->due : now);
}

static void note_error(const char *text) {
    if (first_error[0] == 0) snprintf(first_error, sizeof first_error, "%s", text);
}

// ---- Connections and requests ---------------------------------------------------------------------------

static void watch(Connection *c, bool writable) {
    if (c->wants_writable == writable) return;
    c->wants_writable = writable;
    struct epoll_event e = {.events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_MOD, c->fd, &e);
}

static void connection_open(Connection *c) {
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) die("socket");
    int on = 1;
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // With nobody listening there is nothing to measure, so that ends the run.
    if (connect(c->fd, (struct sockaddr *)&options.target, sizeof options.target) < 0 && errno != EINPROGRESS)
        die("connect");
    c->phase = CONNECTING;
    c->wants_writable = true;
    struct epoll_event e = {.events = EPOLLIN | EPOLLOUT, .data.ptr = c};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, c->fd, &e);
}

static void connection_reopen(Connection *c) {
    close(c->fd);
    connection_open(c);
}

static void connection_broke(Connection *c, const char *why) {
    if (request_counted(c, now_ns())) errors_broken++;
    note_error(why);
    connection_reopen(c);
}

static void send_request(Connection *c) {
    ssize_t n = send(c->fd, request + c->sent, request_length - c->sent, MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN) {
        connection_broke(c, "the connection broke while sending");
        return;
    }
    if (n > 0) c->sent += (size_t)n;
    bool done = c->sent == request_length;
    if (done) c->phase = WAITING;
    watch(c, !done);
}

static void begin_request(Connection *c, int64_t due) {
    c->phase = SENDING;
    c->sent = 0;
    c->due = due;
    c->part = HEAD;
    c->head_length = c->tail_length = 0;
    c->stamp_digits = -1;
    c->chunks = 0;
    send_request(c);
}

static int64_t due_of(int64_t number) {
    return first_due + (int64_t)((double)number * 1e9 / options.rate);
}

static void send_due_requests(int64_t now) {
    while (idle_count > 0) {
        int64_t due = due_of(next_request);
        if (due > now || due >= end_time) return;
        Connection *c = idle[idle_first];
        idle_first = (idle_first + 1) % (size_t)options.connections;
        idle_count--;
        c->in_idle_queue = false;
        // A connection that the server closed while it lay idle comes back by itself.
        if (c->phase != IDLE) continue;
        next_request++;
        begin_request(c, due);
    }
}

static void connection_ready(Connection *c, int64_t now) {
    c->phase = IDLE;
    watch(c, false);
    if (options.rate == 0) {
        if (now < end_time) begin_request(c, now);
        return;
    }
    if (!c->in_idle_queue) {
        idle[(idle_first + idle_count) % (size_t)options.connections] = c;
        idle_count++;
        c->in_idle_queue = true;
    }
    if (now >= first_due) send_due_requests(now);
}

// ---- Answers --------------------------------------------------------------------------------------------

static void on_chunk(Connection *c, int64_t now) {
    int64_t took = now - c->stamp;
    if (counted(now)) {
        chunks_read++;
        histogram_add(&transit, took);
        if (c->chunks > 0) histogram_add(&jitter, llabs(took - c->last_transit));
    }
    if (c->chunks == 0 && request_counted(c, now)) histogram_add(&first_chunk, now - c->due);
    c->last_transit = took;
    c->chunks++;
}

// A stamp may be cut anywhere by the boundaries of reads and HTTP chunks.
static void scan_stamps(Connection *c, const char *data, size_t length, int64_t now) {
    const char *end = data + length;
    while (data < end) {
        if (c->stamp_digits < 0) {
            data = memchr(data, '~', (size_t)(end - data));
            if (!data) return;
            c->stamp_digits = 0;
            c->stamp = 0;
            data++;
        } else if (isdigit((unsigned char)*data)) {
            c->stamp = c->stamp * 10 + (*data++ - '0');
            c->stamp_digits++;
        } else {
            if (*data == '~' && c->stamp_digits == STAMP_DIGITS) {
                on_chunk(c, now);
                data++;
            }
            c->stamp_digits = -1;
        }
    }
}

static void keep_tail(Connection *c, const char *data, size_t length) {
    if (length >= TAIL_SIZE) {
        memcpy(c->tail, data + length - TAIL_SIZE, TAIL_SIZE);
        c->tail_length = TAIL_SIZE;
        return;
    }
    size_t kept = c->tail_length < TAIL_SIZE - length ? c->tail_length : TAIL_SIZE - length;
    memmove(c->tail, c->tail + c->tail_length - kept, kept);
    memcpy(c->tail + kept, data, length);
    c->tail_length = kept + length;
}

static void on_body(Connection *c, const char *data, size_t length, int64_t now) {
    scan_stamps(c, data, length, now);
    keep_tail(c, data, length);
    if (c == first_error_from) {
        size_t used = strlen(first_error);
        snprintf(first_error + used, sizeof first_error - used, "%.*s", (int)length, data);
    }
}

static bool tail_has(const Connection *c, const char *text) {
    return memmem(c->tail, c->tail_length, text, strlen(text)) != NULL;
}

static bool answer_is_whole(const Connection *c) {
    if (options.chunks > 0 && c->chunks != options.chunks) return false;
    if (c->is_stream) return tail_has(c, "data: [DONE]") || tail_has(c, "\"message_stop\"");
    size_t end = c->tail_length;
    while (end > 0 && isspace((unsigned char)c->tail[end - 1])) end--;
    return end > 0 && c->tail[end - 1] == '}';
}

static void on_answer(Connection *c, int64_t now) {
    bool in_count = request_counted(c, now);
    if (c == first_error_from) first_error_from = NULL;
    if (c->status != 200) {
        if (in_count) errors_status++;
    } else if (!answer_is_whole(c)) {
        if (in_count) errors_broken++;
        char text[96];
        snprintf(text, sizeof text, "an answer with %ld chunks is not whole", c->chunks);
        note_error(text);
    } else if (in_count) {
        answers++;
        histogram_add(&latency, now - c->due);
    }
    if (c->closes) connection_reopen(c);
    else connection_ready(c, now);
}

static const char *header(const Connection *c, const char *name) {
    size_t size = strlen(name);
    for (const char *line = c->head; (line = strchr(line, '\n'));) {
        line++;
        if (strncasecmp(line, name, size) != 0 || line[size] != ':') continue;
        line += size + 1;
        while (*line == ' ') line++;
        return line;
    }
    return NULL;
}

// False when the answer's length cannot be known.
static bool on_head(Connection *c) {
    if (sscanf(c->head, "HTTP/1.1 %d", &c->status) != 1) return false;
    const char *encoding = header(c, "Transfer-Encoding"), *length = header(c, "Content-Length");
    const char *connection = header(c, "Connection"), *type = header(c, "Content-Type");
    c->closes = connection && strncasecmp(connection, "close", 5) == 0;
    c->is_stream = type && strncasecmp(type, "text/event-stream", 17) == 0;
    if (c->status != 200 && first_error[0] == 0) {
        snprintf(first_error, sizeof first_error, "HTTP %d: ", c->status);
        first_error_from = c;
    }
    if (encoding && strncasecmp(encoding, "chunked", 7) == 0) {
        c->part = CHUNK_SIZE;
        c->left = c->line_length = 0;
        return true;
    }
    c->part = FIXED;
    c->left = length ? strtoull(length, NULL, 10) : 0;
    return length != NULL;
}

// Takes what it can of the bytes, and says how many. `*over` tells that the answer has ended, `*bad` that
// it is not HTTP.
static size_t parse_some(Connection *c, const char *data, size_t length, int64_t now, bool *over, bool *bad) {
    switch (c->part) {
    case HEAD: {
        // Byte by byte is good enough for the few hundred bytes of a head.
        size_t used = 0;
        while (used < length && c->head_length < MAX_HEAD - 1) {
            c->head[c->head_length++] = data[used++];
            if (c->head_length < 4 || memcmp(c->head + c->head_length - 4, "\r\n\r\n", 4) != 0) continue;
            c->head[c->head_length] = 0;
            *bad = !on_head(c);
            *over = c->part == FIXED && c->left == 0;
            return used;
        }
        *bad = c->head_length == MAX_HEAD - 1;
        return used;
    }
    case FIXED:
    case CHUNK_DATA: {
        size_t used = length < c->left ? length : (size_t)c->left;
        on_body(c, data, used, now);
        c->left -= used;
        if (c->left == 0) {
            *over = c->part == FIXED;
            c->part = CHUNK_DATA_END;
            c->line_length = 0;
        }
        return used;
    }
    case CHUNK_SIZE:
        if (isxdigit((unsigned char)*data)) {
            int digit = isdigit((unsigned char)*data) ? *data - '0' : tolower((unsigned char)*data) - 'a' + 10;
            c->left = c->left * 16 + (uint64_t)digit;
            *bad = ++c->line_length > 8;
        } else if (*data == '\n') {
            *bad = c->line_length == 0;
            c->part = c->left > 0 ? CHUNK_DATA : TRAILER;
            c->line_length = 0;
        } else {
            *bad = *data != '\r';
        }
        return 1;
    case CHUNK_DATA_END:
        *bad = *data != "\r\n"[c->line_length];
        if (++c->line_length == 2) {
            c->part = CHUNK_SIZE;
            c->left = c->line_length = 0;
        }
        return 1;
    case TRAILER: // ends with an empty line
        if (*data == '\n') {
            *over = c->line_length == 0;
            c->line_length = 0;
        } else if (*data != '\r') {
            c->line_length++;
        }
        return 1;
    }
    return length;
}

static void on_readable(Connection *c) {
    static char data[READ_SIZE];
    ssize_t n = read(c->fd, data, sizeof data);
    if (n < 0 && errno == EAGAIN) return;
    bool answering = c->phase == SENDING || c->phase == WAITING;
    if (n <= 0) {
        if (answering) connection_broke(c, "the connection closed before the end of an answer");
        else connection_reopen(c);
        return;
    }
    int64_t now = now_ns();
    if (counted(now)) bytes_read += (uint64_t)n;
    bool over = false, bad = !answering;
    size_t used = 0;
    while (used < (size_t)n && !over && !bad)
        used += parse_some(c, data + used, (size_t)n - used, now, &over, &bad);
    // Nothing may follow an answer, since the next request has not been sent.
    if (bad || used < (size_t)n) connection_broke(c, "an answer is not valid HTTP/1.1");
    else if (over) on_answer(c, now);
}

static void on_writable(Connection *c) {
    if (c->phase == SENDING) {
        send_request(c);
        return;
    }
    if (c->phase != CONNECTING) return;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(c->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error) {
        errno = error;
        die("connect");
    }
    connection_ready(c, now_ns());
}

// ---- The loop -------------------------------------------------------------------------------------------

static int64_t opening_time(int number) {
    return start_time + (int64_t)(options.ramp * 1e9 * number / options.connections);
}

static void set_timer(int64_t when) {
    static int64_t armed;
    if (when == armed) return;
    armed = when;
    struct itimerspec t = {.it_value = {.tv_sec = when / SECOND, .tv_nsec = when % SECOND}};
    timerfd_settime(timer_fd, TFD_TIMER_ABSTIME, &t, NULL);
}

static int64_t earlier(int64_t a, int64_t b) { return a < b ? a : b; }

static void mark(const char *name) {
    if (!options.marks) return;
    puts(name);
    fflush(stdout);
}

static bool all_answered(void) {
    for (int i = 0; i < opened; i++)
        if (connections[i].phase == SENDING || connections[i].phase == WAITING) return false;
    return due_of(next_request) >= end_time;
}

static void run(void) {
    bool begun = false, ended = false;
    for (;;) {
        int64_t now = now_ns();
        while (opened < options.connections && opening_time(opened) <= now) connection_open(&connections[opened++]);
        if (!begun && now >= begin_time) {
            begun = true;
            mark("begin");
        }
        if (!ended && now >= end_time) {
            ended = true;
            mark("end");
        }
        if (options.rate > 0) send_due_requests(now);
        if (ended && (options.rate == 0 || now >= end_time + DRAIN_TIME || all_answered())) return;

        int64_t wake = !begun ? begin_time : !ended ? end_time : end_time + DRAIN_TIME;
        if (opened < options.connections) wake = earlier(wake, opening_time(opened));
        if (idle_count > 0 && due_of(next_request) < end_time) wake = earlier(wake, due_of(next_request));
        set_timer(wake);

        struct epoll_event events[256];
        int count = epoll_wait(epoll_fd, events, 256, -1);
        for (int i = 0; i < count; i++) {
            if (!events[i].data.ptr) {
                uint64_t rings;
                if (read(timer_fd, &rings, sizeof rings) < 0 && errno != EAGAIN) die("read timer");
                continue;
            }
            Connection *c = events[i].data.ptr;
            int fd = c->fd;
            if (events[i].events & EPOLLOUT) on_writable(c);
            // What is known of the old socket says nothing about the one that took its place.
            if (c->fd == fd && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))) on_readable(c);
        }
    }
}

// Requests of an open loop that were never answered are charged the time they have waited so far. To leave
// them out would make a server that hangs look fast.
static void charge_unanswered(void) {
    int64_t now = now_ns();
    for (int i = 0; i < opened; i++) {
        Connection *c = &connections[i];
        if ((c->phase == SENDING || c->phase == WAITING) && counted(c->due)) {
            histogram_add(&latency, now - c->due);
            errors_unanswered++;
        }
    }
    for (int64_t due; (due = due_of(next_request)) < end_time; next_request++) {
        if (!counted(due)) continue;
        histogram_add(&latency, now - due);
        errors_unanswered++;
    }
}

// ---- Report ---------------------------------------------------------------------------------------------

static const struct { const char *name; double quantile; } quantiles[] = {
    {"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p999", 0.999},
};

static void print_json_histogram(const char *name, const Histogram *h) {
    printf("\"%s\":{\"count\":%llu", name, (unsigned long long)h->count);
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
        printf(",\"%s\":%.3f", quantiles[i].name, histogram_quantile_us(h, quantiles[i].quantile));
    printf(",\"max\":%.3f,\"mean\":%.3f},", (double)h->largest / 1000, h->count ? h->sum / (double)h->count / 1000 : 0);
}

static void print_json(int open_streams) {
    printf("{\"seconds\":%.3f,\"connections\":%d,\"open_streams\":%d,\"answers\":%llu,\"chunks\":%llu,\"bytes\":%llu,",
        options.duration, options.connections, open_streams, (unsigned long long)answers,
        (unsigned long long)chunks_read, (unsigned long long)bytes_read);
    print_json_histogram("latency_us", &latency);
    print_json_histogram("first_chunk_us", &first_chunk);
    print_json_histogram("transit_us", &transit);
    print_json_histogram("jitter_us", &jitter);
    printf("\"errors\":{\"status\":%llu,\"broken\":%llu,\"unanswered\":%llu},\"first_error\":\"",
        (unsigned long long)errors_status, (unsigned long long)errors_broken, (unsigned long long)errors_unanswered);
    for (const unsigned char *p = (const unsigned char *)first_error; *p; p++) {
        if (*p == '"' || *p == '\\') putchar('\\');
        putchar(*p < ' ' || *p > '~' ? ' ' : *p);
    }
    printf("\"}\n");
}

static void print_histogram(const char *name, const Histogram *h) {
    if (h->count == 0) return;
    printf("%-12s", name);
    for (size_t i = 0; i < sizeof quantiles / sizeof *quantiles; i++)
        printf("  %s %10.1f", quantiles[i].name, histogram_quantile_us(h, quantiles[i].quantile));
    printf("  max %10.1f us\n", (double)h->largest / 1000);
}

static void print_text(int open_streams) {
    printf("%llu answers (%.0f/s), %llu chunks (%.0f/s), %d streams open at the end\n",
        (unsigned long long)answers, (double)answers / options.duration,
        (unsigned long long)chunks_read, (double)chunks_read / options.duration, open_streams);
    print_histogram("latency", &latency);
    print_histogram("first chunk", &first_chunk);
    print_histogram("transit", &transit);
    print_histogram("jitter", &jitter);
    printf("errors: %llu not 200, %llu broken, %llu unanswered  %s\n", (unsigned long long)errors_status,
        (unsigned long long)errors_broken, (unsigned long long)errors_unanswered, first_error);
}

static int count_open_streams(void) {
    int open_streams = 0;
    for (int i = 0; i < opened; i++)
        if (connections[i].phase == WAITING && connections[i].chunks > 0) open_streams++;
    return open_streams;
}

// ---- Start ----------------------------------------------------------------------------------------------

static void usage(void) {
    fprintf(stderr, "usage: load -t 127.0.0.1:PORT -b BODYFILE [-p PATH] [-H HEADER]... [-c CONNECTIONS] [-R RAMP_S]\n"
                    "            [-w WARMUP_S] [-d SECONDS] [-r RATE] [-n CHUNKS] [--json] [--marks]\n");
    exit(2);
}

static void parse_target(const char *text) {
    char host[64];
    int port;
    if (sscanf(text, "%63[^:]:%d", host, &port) != 2) usage();
    options.target.sin_family = AF_INET;
    options.target.sin_port = htons((uint16_t)port);
    bool loopback = inet_pton(AF_INET, host, &options.target.sin_addr) == 1
        && (ntohl(options.target.sin_addr.s_addr) >> 24) == 127;
    if (!loopback) {
        fprintf(stderr, "load: only loopback targets, so that nobody else's server is hit by mistake\n");
        exit(2);
    }
}

static char *read_file(const char *path, size_t *length) {
    FILE *file = fopen(path, "rb");
    if (!file) die(path);
    fseek(file, 0, SEEK_END);
    *length = (size_t)ftell(file);
    rewind(file);
    char *data = malloc(*length + 1);
    if (!data || fread(data, 1, *length, file) != *length) die(path);
    fclose(file);
    return data;
}

static void make_request(const char *body_path, const char *headers) {
    size_t body_length;
    char *body = read_file(body_path, &body_length);
    char *head;
    int head_length = asprintf(&head,
        "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n",
        options.path, ntohs(options.target.sin_port), body_length, headers);
    if (head_length < 0) die("asprintf");
    request_length = (size_t)head_length + body_length;
    request = malloc(request_length);
    if (!request) die("malloc");
    memcpy(request, head, (size_t)head_length);
    memcpy(request + head_length, body, body_length);
    free(head);
    free(body);
}

int main(int argc, char **argv) {
    static const struct option long_options[] = {{"json", 0, 0, 'J'}, {"marks", 0, 0, 'M'}, {0}};
    const char *target = NULL, *body_path = NULL;
    char headers[4096] = "";
    for (int option; (option = getopt_long(argc, argv, "t:b:p:H:c:R:w:d:r:n:", long_options, NULL)) != -1;) {
        size_t used = strlen(headers);
        switch (option) {
        case 't': target = optarg; break;
        case 'b': body_path = optarg; break;
        case 'p': options.path = optarg; break;
        case 'H': snprintf(headers + used, sizeof headers - used, "%s\r\n", optarg); break;
        case 'c': options.connections = atoi(optarg); break;
        case 'R': options.ramp = atof(optarg); break;
        case 'w': options.warmup = atof(optarg); break;
        case 'd': options.duration = atof(optarg); break;
        case 'r': options.rate = atof(optarg); break;
        case 'n': options.chunks = atol(optarg); break;
        case 'J': options.json = true; break;
        case 'M': options.marks = true; break;
        default: usage();
        }
    }
    if (!target || !body_path || options.connections <= 0 || options.duration <= 0) usage();
    parse_target(target);
    make_request(body_path, headers);

    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    // A benchmark that is killed must not leave its load behind.
    prctl(PR_SET_PDEATHSIG, SIGTERM);

    connections = calloc((size_t)options.connections, sizeof *connections);
    idle = calloc((size_t)options.connections, sizeof *idle);
    if (!connections || !idle) die("calloc");
    epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    timer_fd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = NULL};
    epoll_ctl(epoll_fd, EPOLL_CTL_ADD, timer_fd, &e);

    start_time = now_ns();
    first_due = start_time + (int64_t)(options.ramp * 1e9);
    begin_time = first_due + (int64_t)(options.warmup * 1e9);
    end_time = begin_time + (int64_t)(options.duration * 1e9);
    run();
    if (options.rate > 0) charge_unanswered();
    int open_streams = count_open_streams();
    if (options.marks) {
        char line[16];
        if (!fgets(line, sizeof line, stdin)) return 1;
    }
    if (options.json) print_json(open_streams);
    else print_text(open_streams);
    return 0;
}
