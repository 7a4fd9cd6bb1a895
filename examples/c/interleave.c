/* Several parsers and several jobs at once, in pieces of any size and in any order: none of them touches another's call. */

#include <stdio.h>
#include <string.h>

#include "graph_call.h"

enum { READERS = 4, ROUNDS = 300 };

static const char *const states[READERS] = {"established", "incoming", "hold", "terminated"};

/* One that reads: the first half by a parser, the second half by a job. */
typedef struct {
    uint64_t call_memory[GRAPH_CALL_SIZE / sizeof(uint64_t)];
    uint64_t parser_memory[GRAPH_CALL_PARSER_SIZE / sizeof(uint64_t)];
    uint64_t job_memory[GRAPH_CALL_JOB_SIZE / sizeof(uint64_t)];
    graph_call_t *call;
    graph_call_Parser *parser;
    graph_call_Job *job;
    graph_call_Plan plan;
    graph_call_Next next;
    uint8_t buffer[64];
    char id[32];
    char text[256];
    size_t at;
    size_t length;
    uint32_t did;
    size_t value;
    int is_done;
} Reader;

static Reader readers[READERS];
static uint32_t random_state = 2463534242u;
static int failures;

static uint32_t below(uint32_t limit) {
    random_state ^= random_state << 13;
    random_state ^= random_state >> 17;
    random_state ^= random_state << 5;
    return random_state % limit;
}

static void expect(int holds, const char *what, graph_call_Status status) {
    if (!holds) {
        printf("%s: %s\n", what, graph_call_status_text(status));
        failures++;
    }
}

static void begin(Reader *reader, size_t index, unsigned round) {
    char body[128];
    graph_call_Status status;
    snprintf(reader->id, sizeof reader->id, "%u-%u", (unsigned)index, round);
    snprintf(body, sizeof body, "{\"id\":\"%s\",\"state\":\"%s\",\"targets\":[{\"region\":null}]}", reader->id, states[index]);
    reader->at = 0;
    reader->is_done = 0;
    status = graph_call_init(reader->call_memory, sizeof reader->call_memory, &reader->call);
    expect(status == GRAPH_CALL_STATUS_OK, "call", status);
#ifdef CONTROL /* two with one call: that has to be seen */
    readers[0].call = readers[1].call != NULL ? readers[1].call : readers[0].call;
#endif
    if (index < READERS / 2) {
        snprintf(reader->text, sizeof reader->text, "%s", body);
        status = graph_call_parser_init(reader->parser_memory, sizeof reader->parser_memory, 0, &reader->parser);
    } else {
        snprintf(reader->text, sizeof reader->text,
                 "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %u\r\n\r\n%s",
                 (unsigned)strlen(body), body);
        memset(&reader->plan, 0, sizeof reader->plan);
        reader->plan.id = reader->id;
        reader->did = GRAPH_CALL_DID_NOTHING;
        reader->value = 0;
        status = graph_call_job_init(reader->job_memory, sizeof reader->job_memory, 0, &reader->job);
        expect(status == GRAPH_CALL_STATUS_OK, "job", status);
        status = graph_call_job_start(reader->job, &reader->plan, round);
    }
    expect(status == GRAPH_CALL_STATUS_OK, "begin", status);
    reader->length = strlen(reader->text);
}

/* A piece of any size, not even of one byte. */
static size_t piece(const Reader *reader) {
    uint32_t left = (uint32_t)(reader->length - reader->at);
    return left == 0 ? 0 : below(left < 16 ? left + 1 : 16);
}

static void parse(Reader *reader) {
    size_t length = piece(reader);
    graph_call_Status status =
        graph_call_parser_feed(reader->parser, reader->call, (const uint8_t *)reader->text + reader->at, length);
    expect(status == GRAPH_CALL_STATUS_OK, "feed", status);
    reader->at += length;
    if (reader->at == reader->length) {
        status = graph_call_parser_finish(reader->parser, reader->call);
        expect(status == GRAPH_CALL_STATUS_OK, "finish", status);
        reader->is_done = 1;
    }
}

static void step(Reader *reader) {
    graph_call_Status status =
        graph_call_job_step(reader->job, 0, reader->did, reader->value, reader->buffer, sizeof reader->buffer,
                            reader->call, &reader->next);
    expect(status == GRAPH_CALL_STATUS_OK, "step", status);
    reader->did = GRAPH_CALL_DID_NOTHING;
    reader->value = 0;
    switch (reader->next.step) {
    case GRAPH_CALL_STEP_TOKEN:
        status = graph_call_job_bring(reader->job, 0, "abc", 3, 0);
        expect(status == GRAPH_CALL_STATUS_OK, "bring", status);
        break;
    case GRAPH_CALL_STEP_CONNECT:
        reader->did = GRAPH_CALL_DID_CONNECTED;
        break;
    case GRAPH_CALL_STEP_SEND:
        reader->did = GRAPH_CALL_DID_SENT;
        reader->value = 1 + below((uint32_t)reader->next.length);
        break;
    case GRAPH_CALL_STEP_RECEIVE:
        reader->did = GRAPH_CALL_DID_RECEIVED;
        reader->value = piece(reader);
        memcpy(reader->buffer, reader->text + reader->at, reader->value);
        reader->at += reader->value;
        break;
    case GRAPH_CALL_STEP_CALL:
        reader->is_done = 1;
        break;
    default:
        expect(0, "another step", status);
        reader->is_done = 1;
        break;
    }
}

/* What nobody may do to a call that is another one's. */
static void disturb(Reader *reader, Reader *other) {
    graph_call_Status status;
    graph_call_Text text;
    if (reader->at > 0 && reader->parser != NULL && !reader->is_done) {
        status = graph_call_parser_feed(reader->parser, other->call, (const uint8_t *)"]", 1);
        expect(status == GRAPH_CALL_STATUS_WRONG_ORDER, "another call", status);
        status = graph_call_text(reader->call, GRAPH_CALL_MEMBER_ID, &text);
        expect(status == GRAPH_CALL_STATUS_WRONG_ORDER, "half a call", status);
    }
}

static void check(const Reader *reader, size_t index) {
    graph_call_Text id = {0};
    graph_call_Text state = {0};
    graph_call_Status status = graph_call_text(reader->call, GRAPH_CALL_MEMBER_ID, &id);
    expect(status == GRAPH_CALL_STATUS_OK && id.length == strlen(reader->id) &&
               memcmp(id.start, reader->id, id.length) == 0, "id", status);
    status = graph_call_text(reader->call, GRAPH_CALL_MEMBER_STATE, &state);
    expect(status == GRAPH_CALL_STATUS_OK && state.length == strlen(states[index]) &&
               memcmp(state.start, states[index], state.length) == 0, "state", status);
}

int main(void) {
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t left = READERS;
        for (size_t index = 0; index < READERS; index++) {
            begin(&readers[index], index, round);
        }
        while (left > 0) {
            size_t index = below(READERS);
            Reader *reader = &readers[index];
            if (reader->is_done) {
                continue;
            }
            if (index < READERS / 2) {
                disturb(reader, &readers[(index + 1 + below(READERS - 1)) % READERS]);
                parse(reader);
            } else {
                step(reader);
            }
            left -= (size_t)reader->is_done;
        }
        for (size_t index = 0; index < READERS; index++) {
            check(&readers[index], index);
        }
    }
    printf(failures == 0 ? "each has its own call\n" : "%d failures\n", failures);
    return failures != 0;
}
