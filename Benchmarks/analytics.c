// Fills a database of Sira's with requests and their roll-ups, much faster than by serving them.
//
//   cc -O2 -o analytics analytics.c -lsqlite3 -lm
//   ./analytics sira.db 50000000
//
// The tables must be there and empty. Names are skewed as they are in life: few keys make most requests, each key asks
// few models, each end user belongs to one key. What is summed up is what Sira's own code would sum up of these rows
// (RollupKey, UsageTotals, LatencySketch): lines by minute for the last fourteen days, by hour and day for all ninety,
// each in the views that are kept of it, once without tag, once for each tag, and once for the end user.

#include <math.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 400, PROJECTS = 60, TEAMS = 20, ORGANIZATIONS = 3, MODELS = 25, PROVIDERS = 8, TAGS = 20 };
enum { MODELS_OF_KEY = 6, USERS_OF_KEY = 13, DAYS = 90, DAYS_OF_MINUTES = 14, BUCKETS = 1100 };
#define MINUTE 60000000LL
#define START (20454LL * 1440 * MINUTE)  // 2026-01-01

enum { REQUESTS, ERRORS, ATTEMPTS, INPUT, CACHE_READ, OUTPUT, COST, CHARGE, CACHE_SAVINGS, ROUTING_SAVINGS, DURATION,
       QUEUE_TIME, FAILED, CACHED, UPSTREAM_TIME, SUMS };
static const char *sum_names = "requests, errors, attempts, input, cache_read, output, cost, charge, cache_savings, "
                               "routing_savings, duration, queue_time, failed, cached, upstream_time";
static const char *other_sums = "cache_write, reasoning, web_searches, images, input_audio_time, output_audio_time, "
                                "characters, search_units, unknown_usage, unpriced";

static uint64_t state = 88172645463325252ULL;
static uint64_t next_random(void) {  // Marsaglia, "Xorshift RNGs" (2003)
    state ^= state << 13, state ^= state >> 7, state ^= state << 17;
    return state;
}
static double uniform(void) { return (next_random() >> 11) * 0x1p-53; }
static double normal(void) { return (uniform() + uniform() + uniform() + uniform() - 2) * 1.7320508; }

static void fail(sqlite3 *db) { fprintf(stderr, "%s\n", sqlite3_errmsg(db)), exit(1); }
static sqlite3_stmt *prepare(sqlite3 *db, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(db, sql, -1, &statement, 0)) fail(db);
    return statement;
}
static void run(sqlite3 *db, const char *sql) { if (sqlite3_exec(db, sql, 0, 0, 0)) fail(db); }

// ---- sketches, as LatencySketch has them

static int64_t bounds[BUCKETS];
static int bound_count;
static void make_bounds(void) {
    double factor = (1 + 0.02) / (1 - 0.02);
    for (double bound = 1; bound < 0x1p63; bound *= factor) bounds[bound_count++] = (int64_t)bound;
    bounds[bound_count++] = INT64_MAX;
}
static uint16_t bucket(int64_t duration) {
    int low = 0, high = bound_count - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (bounds[middle] < duration) low = middle + 1; else high = middle;
    }
    return (uint16_t)low;
}

typedef struct { uint16_t index; uint32_t count; } Bucket;
typedef struct { Bucket *buckets; uint16_t count, room; } Sketch;
static void count_in(Sketch *sketch, uint16_t index) {
    int low = 0, high = sketch->count;
    while (low < high) {
        int middle = (low + high) / 2;
        if (sketch->buckets[middle].index < index) low = middle + 1; else high = middle;
    }
    if (low < sketch->count && sketch->buckets[low].index == index) { sketch->buckets[low].count++; return; }
    if (sketch->count == sketch->room) {
        sketch->room = sketch->room ? sketch->room * 2 : 2;
        sketch->buckets = realloc(sketch->buckets, sketch->room * sizeof(Bucket));
    }
    memmove(sketch->buckets + low + 1, sketch->buckets + low, (sketch->count - low) * sizeof(Bucket));
    sketch->buckets[low] = (Bucket){index, 1};
    sketch->count++;
}
static uint8_t *put_varint(uint8_t *at, uint64_t value) {
    for (; value >= 0x80; value >>= 7) *at++ = (uint8_t)value | 0x80;
    *at++ = (uint8_t)value;
    return at;
}
static void bind_sketch(sqlite3_stmt *statement, int place, const Sketch *sketch) {
    static uint8_t bytes[BUCKETS * 12];
    if (!sketch->count) { sqlite3_bind_null(statement, place); return; }
    uint8_t *at = bytes;
    *at++ = 1;
    for (int i = 0, previous = 0; i < sketch->count; previous = sketch->buckets[i++].index) {
        at = put_varint(at, sketch->buckets[i].index - previous);
        at = put_varint(at, sketch->buckets[i].count);
    }
    sqlite3_bind_blob(statement, place, bytes, (int)(at - bytes), SQLITE_TRANSIENT);
}

// ---- names

static char organizations[KEYS][24], teams[KEYS][24], projects[KEYS][24], keys[KEYS][24];
static char models[MODELS][24], providers[PROVIDERS][24], tags[TAGS][24], users[KEYS * USERS_OF_KEY][24];
static double key_share[KEYS], model_share[MODELS_OF_KEY];
static int key_tags[KEYS][2];
static void make_names(void) {
    for (int key = 0; key < KEYS; key++) {
        int project = key % PROJECTS, team = project % TEAMS;
        sprintf(keys[key], "key_%016x", key * 2654435761u), sprintf(projects[key], "proj_%012x", project * 40503u);
        sprintf(teams[key], "team_%012x", team * 40503u);
        sprintf(organizations[key], "org_%012x", team % ORGANIZATIONS * 40503u);
        key_share[key] = (key ? key_share[key - 1] : 0) + 1 / pow(key + 1, 0.9);
        key_tags[key][0] = key % 3, key_tags[key][1] = key % 2 ? 3 + key % (TAGS - 3) : -1;
        for (int user = 0; user < USERS_OF_KEY; user++)
            sprintf(users[key * USERS_OF_KEY + user], "user:u%08x", (key * USERS_OF_KEY + user) * 2654435761u);
    }
    for (int i = 0; i < MODELS_OF_KEY; i++) model_share[i] = (i ? model_share[i - 1] : 0) + 1.0 / (1 << i);
    for (int i = 0; i < MODELS; i++) sprintf(models[i], "model-%02d-large", i);
    for (int i = 0; i < PROVIDERS; i++) sprintf(providers[i], "provider-%d", i);
    for (int i = 0; i < TAGS; i++) sprintf(tags[i], i < 3 ? "env:%d" : "app:%d", i);
}
static int choose(const double *shares, int count) {
    double at = uniform() * shares[count - 1];
    int low = 0, high = count - 1;
    while (low < high) {
        int middle = (low + high) / 2;
        if (shares[middle] < at) low = middle + 1; else high = middle;
    }
    return low;
}

// ---- roll-ups of the slice at hand, by period

typedef struct { uint64_t name; int64_t sums[SUMS]; Sketch sketches[2]; } Line;
typedef struct { Line *lines; uint32_t count, room, *places, place_count; } Slice;
static Slice slices[4];

// View, tag, key, model and provider; 0 stands for none in all but the view.
static uint64_t line_name(int view, int tag, int key, int model, int provider) {
    return ((((uint64_t)view * 16384 + tag) * 512 + key) * 32 + model) * 16 + provider;
}
static uint32_t place_of(uint64_t name) { return (uint32_t)(name * 0x9E3779B97F4A7C15ULL >> 32); }
static Line *line_of(Slice *slice, uint64_t name) {
    if (slice->count * 2 >= slice->place_count) {
        uint32_t count = slice->place_count ? slice->place_count * 2 : 1024;
        free(slice->places);
        slice->places = calloc(count, 4), slice->place_count = count;
        for (uint32_t i = 0; i < slice->count; i++) {
            uint32_t at = place_of(slice->lines[i].name) & (count - 1);
            while (slice->places[at]) at = (at + 1) & (count - 1);
            slice->places[at] = i + 1;
        }
    }
    uint32_t mask = slice->place_count - 1, at = place_of(name) & mask;
    for (; slice->places[at]; at = (at + 1) & mask)
        if (slice->lines[slice->places[at] - 1].name == name) return &slice->lines[slice->places[at] - 1];
    if (slice->count == slice->room) {
        slice->room = slice->room ? slice->room * 2 : 512;
        slice->lines = realloc(slice->lines, slice->room * sizeof(Line));
    }
    slice->places[at] = slice->count + 1;
    Line *line = &slice->lines[slice->count++];
    memset(line, 0, sizeof *line);
    line->name = name;
    return line;
}

typedef struct { int key, model, provider, user; int64_t started, sums[SUMS]; uint16_t buckets[2]; int64_t first; } Row;

static void add(Slice *slice, const Row *row, int view, int tag) {
    int key = view == 1 ? 0 : row->key + 1, model = view == 2 ? 0 : row->model + 1;
    Line *line = line_of(slice, line_name(view, tag, key, model, view == 2 ? 0 : row->provider + 1));
    for (int i = 0; i < SUMS; i++) line->sums[i] += row->sums[i];
    if (!row->sums[1]) count_in(&line->sketches[0], row->buckets[0]);
    if (row->first) count_in(&line->sketches[1], row->buckets[1]);
}
static void roll_up(Slice *slice, const Row *row) {
    int by_minute = slice == &slices[1];
    for (int view = 0; view < 3; view++) {
        if (view < 2 || !by_minute) add(slice, row, view, 0);
        for (int i = 0; i < 2 && (view < 1 || !by_minute); i++)
            if (key_tags[row->key][i] >= 0) add(slice, row, view, 1 + key_tags[row->key][i]);
    }
    if (row->user >= 0) add(slice, row, 0, 1 + TAGS + row->user);
    if (row->user >= 0 && slice == &slices[3]) add(slice, row, 2, 1 + TAGS + row->user);
}
static int by_name(const void *a, const void *b) {
    uint64_t x = ((const Line *)a)->name, y = ((const Line *)b)->name;
    return x < y ? -1 : x > y;
}
static void text(sqlite3_stmt *statement, int place, const char *value) {
    sqlite3_bind_text(statement, place, value, -1, SQLITE_STATIC);
}
static int ids[3][KEYS + 1][MODELS + 1][PROVIDERS + 1], last_id;
static int id_of(sqlite3 *db, int view, int key, int model, int provider) {
    static sqlite3_stmt *statement;
    int *id = &ids[view][key + 1][model + 1][provider + 1];
    if (*id) return *id;
    if (!statement) statement = prepare(db, "INSERT INTO rollup_names VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
    sqlite3_bind_int(statement, 1, *id = ++last_id);
    text(statement, 2, key < 0 ? "" : organizations[key]), text(statement, 3, key < 0 ? "" : teams[key]);
    text(statement, 4, key < 0 ? "" : projects[key]), text(statement, 5, key < 0 ? "" : keys[key]);
    text(statement, 6, model < 0 ? "" : models[model]), text(statement, 7, provider < 0 ? "" : providers[provider]);
    text(statement, 8, model < 0 ? "" : models[model]);
    if (sqlite3_step(statement) != SQLITE_DONE) fail(db);
    sqlite3_reset(statement);
    return *id;
}
static void flush(sqlite3 *db, sqlite3_stmt *statement, int period, int64_t start) {
    Slice *slice = &slices[period];
    qsort(slice->lines, slice->count, sizeof(Line), by_name);
    for (uint32_t i = 0; i < slice->count; i++) {
        Line *line = &slice->lines[i];
        int provider = (int)(line->name % 16) - 1, model = (int)(line->name / 16 % 32) - 1;
        int key = (int)(line->name / 512 % 512) - 1;
        int tag = (int)(line->name / 262144 % 16384) - 1, view = (int)(line->name / 262144 / 16384);
        sqlite3_bind_int(statement, 1, period), sqlite3_bind_int(statement, 2, view);
        sqlite3_bind_int64(statement, 3, start);
        text(statement, 4, tag < 0 ? "" : tag < TAGS ? tags[tag] : users[tag - TAGS]);
        sqlite3_bind_int(statement, 5, id_of(db, view, key, model, provider));
        for (int sum = 0; sum < SUMS; sum++) sqlite3_bind_int64(statement, 6 + sum, line->sums[sum]);
        for (int k = 0; k < 2; k++) {
            bind_sketch(statement, 6 + SUMS + k, &line->sketches[k]);
            free(line->sketches[k].buckets);
        }
        if (sqlite3_step(statement) != SQLITE_DONE) fail(db);
        sqlite3_reset(statement);
    }
    slice->count = 0;
    memset(slice->places, 0, slice->place_count * 4);
}

static void insert(sqlite3 *db, sqlite3_stmt *statement, const Row *row, uint64_t number) {
    uint64_t high = __builtin_bswap64((uint64_t)(row->started / 1000) << 16 | 0x7000), low = __builtin_bswap64(number);
    uint8_t id[16];
    memcpy(id, &high, 8), memcpy(id + 8, &low, 8);
    sqlite3_bind_blob(statement, 1, id, 16, SQLITE_TRANSIENT), sqlite3_bind_int64(statement, 2, row->started);
    sqlite3_bind_int64(statement, 3, row->sums[DURATION]);
    if (row->first) sqlite3_bind_int64(statement, 4, row->first); else sqlite3_bind_null(statement, 4);
    char list[64];
    int second = key_tags[row->key][1];
    if (second < 0) sprintf(list, "[\"%s\"]", tags[key_tags[row->key][0]]);
    else sprintf(list, "[\"%s\",\"%s\"]", tags[key_tags[row->key][0]], tags[second]);
    text(statement, 5, keys[row->key]), text(statement, 6, list), text(statement, 7, models[row->model]);
    text(statement, 8, providers[row->provider]), text(statement, 9, models[row->model]);
    sqlite3_bind_int(statement, 10, row->sums[ERRORS] ? 4 : 0);
    sqlite3_bind_int(statement, 11, row->sums[ERRORS] ? 502 : 200);
    sqlite3_bind_int64(statement, 12, row->sums[INPUT]), sqlite3_bind_int64(statement, 13, row->sums[CACHE_READ]);
    sqlite3_bind_int64(statement, 14, row->sums[OUTPUT]), sqlite3_bind_int64(statement, 15, row->sums[COST]);
    sqlite3_bind_int64(statement, 16, row->sums[CHARGE]);
    sqlite3_bind_int64(statement, 17, row->sums[CACHE_SAVINGS]);
    sqlite3_bind_int64(statement, 18, row->sums[ROUTING_SAVINGS]);
    sqlite3_bind_int64(statement, 19, row->sums[QUEUE_TIME]);
    text(statement, 20, organizations[row->key]), text(statement, 21, teams[row->key]);
    text(statement, 22, projects[row->key]), text(statement, 23, row->user < 0 ? "" : users[row->user] + 5);
    if (sqlite3_step(statement) != SQLITE_DONE) fail(db);
    sqlite3_reset(statement);
}

static Row make_row(int64_t started) {
    Row row = {.key = choose(key_share, KEYS), .started = started};
    int choice = choose(model_share, MODELS_OF_KEY);
    // Small models are asked most, whoever asks.
    row.model = (row.key % 5 + choice * choice) % MODELS;
    row.provider = (row.model + (uniform() < 0.15)) % PROVIDERS;
    int user = row.key * USERS_OF_KEY + (int)(USERS_OF_KEY * uniform() * uniform());
    row.user = uniform() < 0.3 && choice < 2 ? user : -1;
    double pace = 400000.0 * (1 + row.model % 9);
    int64_t duration = (int64_t)(pace * exp(0.7 * normal())) + 1, price = 100 + row.model * row.model * 40;
    int failed = uniform() < 0.004 * (1 + row.provider);
    row.first = failed ? 0 : duration / 5 + 1;
    int64_t input = (int64_t)(900 * exp(1.1 * normal())), output = failed ? 0 : (int64_t)(250 * exp(0.9 * normal()));
    int64_t cached = uniform() < 0.3 ? input / 2 : 0, cost = failed ? 0 : (input - cached / 2 + 4 * output) * price;
    int64_t queue_time = uniform() < 0.1 ? (int64_t)(uniform() * 200000) : 0;
    int64_t sums[SUMS] = {1, failed, 1, input, cached, output, cost, cost * 11 / 10, cached / 2 * price, cost / 5,
                          duration, queue_time, failed, !failed && cached, duration};
    memcpy(row.sums, sums, sizeof sums);
    row.buckets[0] = bucket(duration), row.buckets[1] = bucket(row.first);
    return row;
}

int main(int count, char **words) {
    if (count < 3) return fprintf(stderr, "usage: analytics DATABASE ROWS\n"), 2;
    double rows_per_minute = atof(words[2]) / (DAYS * 1440.0);
    sqlite3 *db;
    if (sqlite3_open_v2(words[1], &db, SQLITE_OPEN_READWRITE, 0)) fail(db);
    run(db, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; "
            "PRAGMA cache_size = -1000000; DROP INDEX requests_by_time; DROP INDEX requests_by_key; "
            "DROP INDEX requests_by_team; DROP INDEX requests_by_user; DROP INDEX requests_by_failure; "
            "DROP INDEX requests_by_organization; DROP INDEX requests_by_project; BEGIN");
    make_bounds(), make_names();
    char sql[4000];
    sprintf(sql, "INSERT INTO rollups (period, view, start, tag, names, %s, duration_sketch, "
                 "first_token_sketch, %s) VALUES (?,?,?,?,?, "
                 "?,?,?,?,?,?,?,?,?,?,?,?,?,?,?, ?,?, 0,0,0,0,0,0,0,0,0,0)", sum_names, other_sums);
    sqlite3_stmt *rollup = prepare(db, sql);
    sqlite3_stmt *request = prepare(db,
        "INSERT INTO requests (request, attempt, is_final, started_at, duration, time_to_first_token, upstream_time, "
        "key, tags, operation, is_stream, requested_model, provider, model, outcome, status, error_code, input, cache_read, "
        "cache_write, cache_write_long, input_audio, output, reasoning, output_audio, usage_basis, cost, charge, "
        "cache_savings, routing_savings, queue_time, organization, team, project, user) "
        "VALUES (?1, 1, 1, ?2, ?3, ?4, ?3, ?5, ?6, 'chat', 1, ?7, ?8, ?9, ?10, ?11, '', ?12, ?13, 0, 0, 0, ?14, 0, 0, "
        "1, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)");
    uint64_t number = 0;
    double due = 0;
    for (int64_t minute = 0; minute < DAYS * 1440; minute++) {
        int64_t start = START + minute * MINUTE;
        int has_minutes = minute >= (DAYS - DAYS_OF_MINUTES) * 1440;
        // Twice as busy at noon as at midnight.
        due += rows_per_minute * (1 - 0.33 * cos((minute % 1440) * 2 * M_PI / 1440));
        int rows = (int)due;
        due -= rows;
        for (int i = 0; i < rows; i++) {
            Row row = make_row(start + MINUTE * i / rows);
            insert(db, request, &row, number++);
            for (int period = has_minutes ? 1 : 2; period <= 3; period++) roll_up(&slices[period], &row);
        }
        if (has_minutes) flush(db, rollup, 1, start);
        if (minute % 60 == 59) flush(db, rollup, 2, START + minute / 60 * 60 * MINUTE);
        if (minute % 1440 == 1439) {
            flush(db, rollup, 3, START + minute / 1440 * 1440 * MINUTE);
            fprintf(stderr, "\rday %lld, %llu rows ", (long long)(minute / 1440 + 1), (unsigned long long)number);
        }
    }
    fprintf(stderr, "\nindexes\n");
    run(db, "COMMIT; PRAGMA threads = 2; CREATE INDEX requests_by_time ON requests (started_at); "
            "CREATE INDEX requests_by_key ON requests (key, started_at); "
            "CREATE INDEX requests_by_team ON requests (team, started_at) WHERE team <> ''; "
            "CREATE INDEX requests_by_user ON requests (user, started_at) WHERE user <> ''; "
            "CREATE INDEX requests_by_failure ON requests (started_at) WHERE outcome <> 0; "
            "CREATE INDEX requests_by_organization ON requests (organization, started_at) WHERE organization <> ''; "
            "CREATE INDEX requests_by_project ON requests (project, started_at) WHERE project <> ''");
    for (sqlite3_stmt *open; (open = sqlite3_next_stmt(db, NULL));) sqlite3_finalize(open);
    return sqlite3_close(db) != SQLITE_OK;
}
