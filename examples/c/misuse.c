/* Every misuse that can be detected is a status, and nothing of it is undefined: run it under valgrind as well. */

#include <stdio.h>
#include <string.h>

#include "graph_call.h"

static uint64_t call_words[GRAPH_CALL_SIZE / sizeof(uint64_t)];
static uint64_t other_words[GRAPH_CALL_SIZE / sizeof(uint64_t)];
static uint64_t parser_words[GRAPH_CALL_PARSER_SIZE / sizeof(uint64_t)];
static uint64_t rival_words[GRAPH_CALL_PARSER_SIZE / sizeof(uint64_t)];
static uint64_t job_words[GRAPH_CALL_JOB_SIZE / sizeof(uint64_t)];
static unsigned char *const call_memory = (unsigned char *)call_words;
static unsigned char *const other_memory = (unsigned char *)other_words;
static unsigned char *const parser_memory = (unsigned char *)parser_words;
static unsigned char *const rival_memory = (unsigned char *)rival_words;
static unsigned char *const job_memory = (unsigned char *)job_words;
static const uint8_t body[] = "{\"id\":\"1\",\"state\":\"parked\"}";
enum { BODY_LENGTH = sizeof body - 1 };

static int failures;

/* Expects a status of an expression. */
#define EXPECT(wanted, expression)                                                                  \
    do {                                                                                            \
        graph_call_Status got = (expression);                                                       \
        if (got != GRAPH_CALL_STATUS_##wanted) {                                                    \
            printf("line %d: %s, not %s\n", __LINE__, graph_call_status_text(got), #wanted);        \
            failures++;                                                                             \
        }                                                                                           \
    } while (0)

static graph_call_t *call;
static graph_call_t *other;
static graph_call_Parser *parser;
static graph_call_Parser *rival;
static graph_call_Job *job;

static void renew(void) {
    EXPECT(OK, graph_call_init(call_memory, GRAPH_CALL_SIZE, &call));
    EXPECT(OK, graph_call_init(other_memory, GRAPH_CALL_SIZE, &other));
    EXPECT(OK, graph_call_parser_init(parser_memory, GRAPH_CALL_PARSER_SIZE, 0, &parser));
    EXPECT(OK, graph_call_parser_init(rival_memory, GRAPH_CALL_PARSER_SIZE, 0, &rival));
    EXPECT(OK, graph_call_job_init(job_memory, GRAPH_CALL_JOB_SIZE, 0, &job));
}

/* A number of the header is what the library says, rounded up to 64 bytes. */
static void size(const char *of, size_t told, size_t taken, size_t alignment) {
    if (taken > told || told - taken >= 64 || alignment > GRAPH_CALL_ALIGNMENT) {
        printf("%s: the header says %lu bytes, the library %lu (alignment %lu)\n", of, (unsigned long)told,
               (unsigned long)taken, (unsigned long)alignment);
        failures++;
    }
}

static void sizes(void) {
    size("call", GRAPH_CALL_SIZE, graph_call_size(), graph_call_alignment());
    size("parser", GRAPH_CALL_PARSER_SIZE, graph_call_parser_size(), graph_call_parser_alignment());
    size("job", GRAPH_CALL_JOB_SIZE, graph_call_job_size(), graph_call_job_alignment());
}

static void memory_of_the_caller(void) {
    EXPECT(NULL_POINTER, graph_call_init(NULL, GRAPH_CALL_SIZE, &call));
    EXPECT(NULL_POINTER, graph_call_init(call_memory, GRAPH_CALL_SIZE, NULL));
    EXPECT(MISALIGNED, graph_call_init(call_memory + 1, GRAPH_CALL_SIZE - 1, &call));
    EXPECT(TOO_SMALL, graph_call_init(call_memory, graph_call_size() - 1, &call));
    EXPECT(OK, graph_call_init(call_memory, graph_call_size(), &call));
    EXPECT(NULL_POINTER, graph_call_parser_init(NULL, GRAPH_CALL_PARSER_SIZE, 0, &parser));
    EXPECT(MISALIGNED, graph_call_parser_init(parser_memory + 1, GRAPH_CALL_PARSER_SIZE - 1, 0, &parser));
    EXPECT(TOO_SMALL, graph_call_parser_init(parser_memory, graph_call_parser_size() - 1, 0, &parser));
    EXPECT(UNKNOWN_CONSTANT, graph_call_parser_init(parser_memory, GRAPH_CALL_PARSER_SIZE, 8, &parser));
}

static void objects(void) {
    graph_call_Text text;
    renew();
    EXPECT(NULL_POINTER, graph_call_parser_feed(NULL, call, body, BODY_LENGTH));
    EXPECT(NULL_POINTER, graph_call_parser_feed(parser, NULL, body, BODY_LENGTH));
    EXPECT(NULL_POINTER, graph_call_parser_feed(parser, call, NULL, BODY_LENGTH));
    EXPECT(NULL_POINTER, graph_call_parser_finish(parser, NULL));
    EXPECT(NULL_POINTER, graph_call_text(NULL, GRAPH_CALL_MEMBER_ID, &text));
    renew();
    memset(call_memory, 0, GRAPH_CALL_SIZE);
    EXPECT(NOT_INITIALISED, graph_call_parser_feed(parser, call, body, BODY_LENGTH));
    EXPECT(NOT_INITIALISED, graph_call_text(call, GRAPH_CALL_MEMBER_ID, &text));
    renew();
    EXPECT(NOT_INITIALISED, graph_call_parser_feed((graph_call_Parser *)(void *)other, call, body, BODY_LENGTH));
    EXPECT(OVERLAP, graph_call_parser_feed(parser, (graph_call_t *)(void *)parser, body, BODY_LENGTH));
    EXPECT(OVERLAP, graph_call_parser_feed(parser, call, call_memory, 16));
    EXPECT(OVERLAP, graph_call_parser_feed(parser, call, parser_memory, 16));
    EXPECT(MISALIGNED, graph_call_parser_finish((graph_call_Parser *)(void *)(parser_memory + 1), call));
}

static void order(void) {
    graph_call_Text text;
    size_t number;
    renew();
    EXPECT(WRONG_ORDER, graph_call_text(call, GRAPH_CALL_MEMBER_ID, &text));
    EXPECT(OK, graph_call_parser_feed(parser, call, body, 4));
    EXPECT(WRONG_ORDER, graph_call_text(call, GRAPH_CALL_MEMBER_ID, &text));
    EXPECT(WRONG_ORDER, graph_call_parser_feed(parser, other, body + 4, BODY_LENGTH - 4));
    EXPECT(WRONG_ORDER, graph_call_parser_finish(parser, other));
    EXPECT(OK, graph_call_parser_feed(parser, call, body + 4, BODY_LENGTH - 4));
    EXPECT(OK, graph_call_parser_feed(parser, call, NULL, 0));
    EXPECT(OK, graph_call_parser_finish(parser, call));
    EXPECT(OK, graph_call_text(call, GRAPH_CALL_MEMBER_ID, &text));
    EXPECT(WRONG_ORDER, graph_call_parser_finish(parser, call));
    EXPECT(WRONG_ORDER, graph_call_parser_feed(parser, call, body, BODY_LENGTH));
    EXPECT(OK, graph_call_text(call, GRAPH_CALL_MEMBER_ID, &text));
    EXPECT(ABSENT, graph_call_parser_offset(parser, &number));
}

/* Memory of exactly the size, and behind it what nobody may touch. */
static struct {
    uint64_t call[GRAPH_CALL_SIZE / sizeof(uint64_t) + 1];
    uint64_t parser[GRAPH_CALL_PARSER_SIZE / sizeof(uint64_t) + 1];
    uint64_t job[GRAPH_CALL_JOB_SIZE / sizeof(uint64_t) + 1];
} bounded;

static void mark(uint64_t *memory, size_t all, size_t used) {
    memset((unsigned char *)memory + used, 0x5a, all - used);
}

static void is_marked(const char *of, const uint64_t *memory, size_t all, size_t used) {
    const unsigned char *bytes = (const unsigned char *)memory;
    for (size_t at = used; at < all; at++) {
        if (bytes[at] != 0x5a) {
            printf("%s: written beyond its end\n", of);
            failures++;
            return;
        }
    }
}

static void bounds(void) {
    graph_call_Plan plan = {0};
    graph_call_Next step;
    uint8_t room[24];
    char text[16];
    uint32_t did = GRAPH_CALL_DID_NOTHING;
    size_t value = 0;
    mark(bounded.call, sizeof bounded.call, graph_call_size());
    mark(bounded.parser, sizeof bounded.parser, graph_call_parser_size());
    mark(bounded.job, sizeof bounded.job, graph_call_job_size());
    memset(room, 0x5a, sizeof room);
    memset(text, 0x5a, sizeof text);
    EXPECT(OK, graph_call_init(bounded.call, graph_call_size(), &call));
    EXPECT(OK, graph_call_parser_init(bounded.parser, graph_call_parser_size(), 0, &parser));
    EXPECT(OK, graph_call_parser_feed(parser, call, body, BODY_LENGTH));
    EXPECT(OK, graph_call_parser_finish(parser, call));
    EXPECT(OK, graph_call_job_init(bounded.job, graph_call_job_size(), 0, &job));
    plan.id = "1";
    plan.select = "id";
    EXPECT(OK, graph_call_job_start(job, &plan, 0));
    /* A token, a connection that is sent to in pieces of 8 bytes, and the end of it. */
    for (int steps = 0; steps < 200; steps++) {
        EXPECT(OK, graph_call_job_step(job, 0, did, value, room, 8, call, &step));
        did = GRAPH_CALL_DID_NOTHING;
        value = 0;
        if (step.step == GRAPH_CALL_STEP_TOKEN) {
            EXPECT(OK, graph_call_job_bring(job, 0, "abc", 3, 0));
        } else if (step.step == GRAPH_CALL_STEP_CONNECT) {
            did = GRAPH_CALL_DID_CONNECTED;
        } else if (step.step == GRAPH_CALL_STEP_SEND) {
            did = GRAPH_CALL_DID_SENT;
            value = step.length;
        } else if (step.step == GRAPH_CALL_STEP_RECEIVE) {
            did = GRAPH_CALL_DID_ENDED;
        } else if (step.step == GRAPH_CALL_STEP_WAIT) {
            EXPECT(OK, graph_call_job_text(job, GRAPH_CALL_ABOUT_LINE, text, 8));
            break;
        }
    }
    is_marked("call", bounded.call, sizeof bounded.call, graph_call_size());
    is_marked("parser", bounded.parser, sizeof bounded.parser, graph_call_parser_size());
    is_marked("job", bounded.job, sizeof bounded.job, graph_call_job_size());
    for (size_t at = 8; at < sizeof text; at++) {
        if (room[at] != 0x5a || text[at] != 0x5a || room[at + 8] != 0x5a) {
            printf("buffer or text: written beyond its end\n");
            failures++;
        }
    }
    if (text[7] != '\0') {
        printf("a text that is cut has no end\n");
        failures++;
    }
}

/* Who fills a call is its parser or job, until somebody else begins to, or the call is made anew. */
static void rivals(void) {
    renew();
    EXPECT(OK, graph_call_parser_feed(parser, call, body, 4));
    EXPECT(OK, graph_call_parser_feed(rival, call, body, 4));
    EXPECT(WRONG_ORDER, graph_call_parser_feed(parser, call, body + 4, BODY_LENGTH - 4));
    EXPECT(OK, graph_call_parser_feed(rival, call, body + 4, BODY_LENGTH - 4));
    EXPECT(OK, graph_call_parser_finish(rival, call));
    renew();
    EXPECT(OK, graph_call_parser_feed(parser, call, body, 4));
    EXPECT(OK, graph_call_init(call_memory, GRAPH_CALL_SIZE, &call));
    EXPECT(WRONG_ORDER, graph_call_parser_feed(parser, call, body + 4, BODY_LENGTH - 4));
    EXPECT(WRONG_ORDER, graph_call_parser_finish(parser, call));
}

static graph_call_Next next;
static uint8_t buffer[512];

/* Expects a status of a step that says NOTHING. */
#define EXPECT_STEP(wanted, job, buffer, length, call, next) \
    EXPECT(wanted, graph_call_job_step(job, 0, GRAPH_CALL_DID_NOTHING, 0, buffer, length, call, next))

static graph_call_Plan good(void) {
    graph_call_Plan plan = {0};
    plan.id = "57dab8b1";
    plan.tenant = "contoso.example";
    plan.client_id = "2891555a";
    plan.client_secret = "s3cr3t";
    return plan;
}

static void plans(void) {
    graph_call_Plan plan = good();
    renew();
    EXPECT(NULL_POINTER, graph_call_job_start(NULL, &plan, 0));
    EXPECT(NULL_POINTER, graph_call_job_start(job, NULL, 0));
    EXPECT(MISALIGNED, graph_call_job_start((graph_call_Job *)(void *)(job_memory + 1), &plan, 0));
    EXPECT(OVERLAP, graph_call_job_start(job, (const graph_call_Plan *)(const void *)job_words, 0));
    EXPECT(NOT_INITIALISED, graph_call_job_start((graph_call_Job *)(void *)call, &plan, 0));
#define EXPECT_PLAN(wanted, member, value)                     \
    do {                                                       \
        plan = good();                                         \
        plan.member = (value);                                 \
        EXPECT(wanted, graph_call_job_start(job, &plan, 0));   \
    } while (0)
    EXPECT_PLAN(WRONG_ID, id, "");
    EXPECT_PLAN(WRONG_ID, id, "..");
    EXPECT_PLAN(WRONG_ID, id, "1\r\nHost: evil.example");
    EXPECT_PLAN(WRONG_ID, id, "\xff");
    EXPECT_PLAN(OVERLAP, id, (const char *)job_memory);
    EXPECT_PLAN(WRONG_NAME, select, "id,colour");
    EXPECT_PLAN(WRONG_NAME, select, "");
    EXPECT_PLAN(OK, select, "id, state");
    EXPECT_PLAN(WRONG_HOST, cloud, "cloud nine");
    EXPECT_PLAN(OK, cloud, "usgov-l4");
    EXPECT_PLAN(WRONG_HOST, danger_host, "a/b");
    EXPECT_PLAN(WRONG_HOST, danger_login_host, "a b");
    EXPECT_PLAN(WRONG_NAME, user_agent, "a\nb");
    EXPECT_PLAN(WRONG_CREDENTIAL, tenant, NULL);
    EXPECT_PLAN(WRONG_CREDENTIAL, tenant, "a/b");
    EXPECT_PLAN(WRONG_CREDENTIAL, client_id, NULL);
    EXPECT_PLAN(WRONG_CREDENTIAL, client_secret, NULL);
    EXPECT_PLAN(WRONG_CREDENTIAL, client_secret, "");
    EXPECT_PLAN(WRONG_CREDENTIAL, client_assertion, "as well as a secret");
    plan.every_ms = 1;
    EXPECT_PLAN(WRONG_NAME, until, "established,parked");
    EXPECT_PLAN(OK, until, "established,hold");
    EXPECT_PLAN(OK, policy.attempts, 1000);
}

static void steps(void) {
    graph_call_Plan plan = good();
    char text[8];
    renew();
    EXPECT_STEP(WRONG_ORDER, job, buffer, sizeof buffer, call, &next);
    EXPECT(WRONG_ORDER, graph_call_job_bring(job, 0, "abc", 3, 0));
    EXPECT(OK, graph_call_job_start(job, &plan, 0));
    EXPECT_STEP(NULL_POINTER, NULL, buffer, sizeof buffer, call, &next);
    EXPECT_STEP(NULL_POINTER, job, NULL, sizeof buffer, call, &next);
    EXPECT_STEP(NULL_POINTER, job, buffer, sizeof buffer, NULL, &next);
    EXPECT_STEP(NULL_POINTER, job, buffer, sizeof buffer, call, NULL);
    EXPECT_STEP(TOO_SMALL, job, buffer, 0, call, &next);
    EXPECT_STEP(MISALIGNED, (graph_call_Job *)(void *)(job_memory + 1), buffer, sizeof buffer, call, &next);
    EXPECT_STEP(NOT_INITIALISED, (graph_call_Job *)(void *)other, buffer, sizeof buffer, call, &next);
    memset(other_memory, 0, GRAPH_CALL_SIZE);
    EXPECT_STEP(NOT_INITIALISED, job, buffer, sizeof buffer, other, &next);
    EXPECT(OK, graph_call_init(other_memory, GRAPH_CALL_SIZE, &other));
    EXPECT_STEP(OVERLAP, job, buffer, sizeof buffer, (graph_call_t *)(void *)job, &next);
    EXPECT_STEP(OVERLAP, job, job_memory, 16, call, &next);
    EXPECT_STEP(OVERLAP, job, call_memory + 64, 16, call, &next);
    EXPECT_STEP(OVERLAP, job, (uint8_t *)&next, 16, call, &next);
    EXPECT_STEP(OVERLAP, job, buffer, sizeof buffer, call, (graph_call_Next *)(void *)job_words);
    memcpy(buffer, "57dab8b1", 9);
    plan.id = (const char *)buffer;
    EXPECT(OK, graph_call_job_start(job, &plan, 0));
    EXPECT_STEP(OVERLAP, job, buffer, sizeof buffer, call, &next);

    plan = good();
    EXPECT(OK, graph_call_job_start(job, &plan, 0));
#define EXPECT_DID(wanted, did, value) \
    EXPECT(wanted, graph_call_job_step(job, 0, did, value, buffer, sizeof buffer, call, &next))
    EXPECT_DID(UNKNOWN_CONSTANT, 7, 0);
    EXPECT_DID(UNKNOWN_CONSTANT, GRAPH_CALL_DID_NOTHING, 1);
    EXPECT_DID(UNKNOWN_CONSTANT, GRAPH_CALL_DID_CONNECTED, 2);
    EXPECT_DID(UNKNOWN_CONSTANT, GRAPH_CALL_DID_ENDED, 2);
    EXPECT_DID(UNKNOWN_CONSTANT, GRAPH_CALL_DID_FAILED, 0);
    EXPECT_DID(UNKNOWN_CONSTANT, GRAPH_CALL_DID_FAILED, 9);
    EXPECT_DID(UNKNOWN_CONSTANT, GRAPH_CALL_DID_FAILED, GRAPH_CALL_FAULT_PROXY + 1000u);
    EXPECT_DID(TOO_SMALL, GRAPH_CALL_DID_SENT, sizeof buffer + 1);
    EXPECT_DID(TOO_SMALL, GRAPH_CALL_DID_RECEIVED, SIZE_MAX);

    EXPECT_STEP(OK, job, buffer, sizeof buffer, call, &next);
    if (next.step != GRAPH_CALL_STEP_CONNECT) {
        printf("step %u, not CONNECT\n", (unsigned)next.step);
        failures++;
    }
    /* Another call in the middle of a reading, one that somebody else fills, one that was made anew. */
    EXPECT_STEP(WRONG_ORDER, job, buffer, sizeof buffer, other, &next);
    EXPECT(OK, graph_call_parser_feed(parser, call, body, 4));
    EXPECT_STEP(WRONG_ORDER, job, buffer, sizeof buffer, call, &next);
    EXPECT_DID(OK, GRAPH_CALL_DID_DROPPED, 0);
    EXPECT(WRONG_ORDER, graph_call_parser_feed(parser, call, body + 4, BODY_LENGTH - 4));
    EXPECT(OK, graph_call_init(call_memory, GRAPH_CALL_SIZE, &call));
    EXPECT_STEP(WRONG_ORDER, job, buffer, sizeof buffer, call, &next);
    EXPECT_DID(OK, GRAPH_CALL_DID_DROPPED, 0);

    EXPECT(ABSENT, graph_call_job_text(job, GRAPH_CALL_ABOUT_LINE, text, sizeof text));
    EXPECT_DID(OK, GRAPH_CALL_DID_NOTHING, 0);
    EXPECT_DID(OK, GRAPH_CALL_DID_FAILED, GRAPH_CALL_FAULT_PROXY + 407u);
    if (next.reason.fault != GRAPH_CALL_FAULT_PROXY + 407u) {
        printf("step %u, fault %u\n", (unsigned)next.step, (unsigned)next.reason.fault);
        failures++;
    }
    EXPECT(OK, graph_call_job_text(job, GRAPH_CALL_ABOUT_LINE, text, sizeof text));
    EXPECT(ABSENT, graph_call_job_text(job, GRAPH_CALL_ABOUT_CODE, text, sizeof text));
    EXPECT(UNKNOWN_CONSTANT, graph_call_job_text(job, 6, text, sizeof text));
    EXPECT(NULL_POINTER, graph_call_job_text(job, GRAPH_CALL_ABOUT_LINE, NULL, sizeof text));
    EXPECT(TOO_SMALL, graph_call_job_text(job, GRAPH_CALL_ABOUT_LINE, text, 0));
    EXPECT(OVERLAP, graph_call_job_text(job, GRAPH_CALL_ABOUT_LINE, (char *)job_memory, 16));

    EXPECT(NULL_POINTER, graph_call_job_bring(job, 0, NULL, 3, 0));
    EXPECT(OVERLAP, graph_call_job_bring(job, 0, (const char *)job_memory, 3, 0));
    EXPECT(WRONG_TOKEN, graph_call_job_bring(job, 0, "", 0, 0));
    EXPECT(WRONG_TOKEN, graph_call_job_bring(job, 0, "a b", 3, 0));
    EXPECT(NULL_POINTER, graph_call_job_change_credential(NULL));
    EXPECT(NULL_POINTER, graph_call_job_wipe(NULL));
    EXPECT(OK, graph_call_job_wipe(job));
    EXPECT(NOT_INITIALISED, graph_call_job_wipe(job));
    EXPECT_STEP(NOT_INITIALISED, job, buffer, sizeof buffer, call, &next);
    EXPECT(UNKNOWN_CONSTANT, graph_call_job_init(job_memory, GRAPH_CALL_JOB_SIZE, 8, &job));
    EXPECT(TOO_SMALL, graph_call_job_init(job_memory, graph_call_job_size() - 1, 0, &job));
    EXPECT(NULL_POINTER, graph_call_job_init(job_memory, GRAPH_CALL_JOB_SIZE, 0, NULL));
}

static void accessors(void) {
    graph_call_Text text;
    graph_call_Person person;
    graph_call_State state;
    graph_call_Value any;
    int64_t value;
    size_t count;
    renew();
    EXPECT(OK, graph_call_parser_feed(parser, call, body, BODY_LENGTH));
    EXPECT(OK, graph_call_parser_finish(parser, call));
    EXPECT(NULL_POINTER, graph_call_text(call, GRAPH_CALL_MEMBER_ID, NULL));
    EXPECT(UNKNOWN_CONSTANT, graph_call_text(call, 1000, &text));
    EXPECT(UNKNOWN_CONSTANT, graph_call_number(call, 1000, &value));
    EXPECT(UNKNOWN_CONSTANT, graph_call_party_count(call, 1000, &count));
    EXPECT(UNKNOWN_CONSTANT, graph_call_person(call, 1000, 0, 0, &person));
    EXPECT(ABSENT, graph_call_text(call, GRAPH_CALL_MEMBER_SUBJECT, &text));
    EXPECT(ABSENT, graph_call_number(call, GRAPH_CALL_NUMBER_RESULT_CODE, &value));
    EXPECT(ABSENT, graph_call_person(call, GRAPH_CALL_PARTY_TARGET, SIZE_MAX, SIZE_MAX, &person));
    EXPECT(ABSENT, graph_call_requested_modality(call, SIZE_MAX, &text));
    EXPECT(OK, graph_call_value(call, "id", &any));
    EXPECT(ABSENT, graph_call_value(call, "source", &any));
    EXPECT(ABSENT, graph_call_value(call, "source.identity", &any));
    EXPECT(WRONG_NAME, graph_call_value(call, "", &any));
    EXPECT(WRONG_NAME, graph_call_value(call, "id.x", &any));
    EXPECT(WRONG_NAME, graph_call_value(call, "id[0]", &any));
    EXPECT(WRONG_NAME, graph_call_value(call, "targets[", &any));
    EXPECT(WRONG_NAME, graph_call_value(call, "targets[]", &any));
    EXPECT(WRONG_NAME, graph_call_value(call, "targets[-1]", &any));
    EXPECT(ABSENT, graph_call_value(call, "targets[99999999999999999999]", &any));
    EXPECT(NULL_POINTER, graph_call_value(call, NULL, &any));
    EXPECT(NULL_POINTER, graph_call_value(call, "id", NULL));
    EXPECT(NULL_POINTER, graph_call_value(NULL, "id", &any));
    EXPECT(OK, graph_call_state(call, &state));
    if (state != GRAPH_CALL_STATE_UNKNOWN) {
        printf("a state of another version is taken for a known one\n");
        failures++;
    }
}

/* One array more than may be open inside an object. */
#define SIXTEEN "[[[[[[[[[[[[[[[["
#define DEEP SIXTEEN SIXTEEN SIXTEEN SIXTEEN

static void bodies(void) {
    static const struct {
        const char *body;
        graph_call_Status status;
        graph_call_Culprit culprit;
        size_t offset;
        const char *message;
    } rows[] = {
        {"{\"id\":1}", GRAPH_CALL_STATUS_WRONG_VALUE, GRAPH_CALL_CULPRIT_PEER, 6, "id: "},
        {"{\"id\":\"1\",}", GRAPH_CALL_STATUS_NOT_JSON, GRAPH_CALL_CULPRIT_PEER, 9, ""},
        {"{\"id\":\"\\ud83d\"}", GRAPH_CALL_STATUS_NOT_JSON, GRAPH_CALL_CULPRIT_PEER, 13, "id: "},
        {"{\"error\":{}}", GRAPH_CALL_STATUS_OTHER_BODY, GRAPH_CALL_CULPRIT_PEER, 0, ""},
        {"{\"id\":\"1\"", GRAPH_CALL_STATUS_TRUNCATED, GRAPH_CALL_CULPRIT_PEER, 9, ""},
        {"{\"id\":\"1\",\"id\":\"1\"}", GRAPH_CALL_STATUS_REPEATED_MEMBER, GRAPH_CALL_CULPRIT_PEER, 10, "id: "},
        {"{\"x\":" DEEP, GRAPH_CALL_STATUS_OVERFLOW, GRAPH_CALL_CULPRIT_CAPACITY, 68, ""},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        char message[128];
        char cut[4];
        graph_call_Culprit culprit;
        graph_call_Text text;
        size_t offset = 0;
        renew();
        graph_call_Status status =
            graph_call_parser_feed(parser, call, (const uint8_t *)rows[row].body, strlen(rows[row].body));
        if (status == GRAPH_CALL_STATUS_OK) {
            status = graph_call_parser_finish(parser, call);
        }
        EXPECT(OK, graph_call_parser_culprit(parser, &culprit));
        EXPECT(OK, graph_call_parser_offset(parser, &offset));
        EXPECT(OK, graph_call_parser_message(parser, message, sizeof message));
        EXPECT(OK, graph_call_parser_message(parser, cut, sizeof cut));
        EXPECT(TOO_SMALL, graph_call_parser_message(parser, cut, 0));
        EXPECT(NULL_POINTER, graph_call_parser_message(parser, NULL, 8));
        EXPECT(WRONG_ORDER, graph_call_parser_feed(parser, call, body, BODY_LENGTH));
        EXPECT(WRONG_ORDER, graph_call_parser_finish(parser, call));
        EXPECT(WRONG_ORDER, graph_call_text(call, GRAPH_CALL_MEMBER_ID, &text));
        if (status != rows[row].status || culprit != rows[row].culprit || offset != rows[row].offset ||
            strncmp(message, rows[row].message, strlen(rows[row].message)) != 0 || strlen(cut) != sizeof cut - 1) {
            printf("%s: status %d, culprit %d, offset %lu, %s\n", rows[row].body, (int)status, (int)culprit,
                   (unsigned long)offset, message);
            failures++;
        }
    }
}

int main(void) {
    sizes();
    memory_of_the_caller();
    objects();
    order();
    rivals();
    bounds();
    plans();
    steps();
    accessors();
    bodies();
    printf(failures == 0 ? "every misuse is a status\n" : "%d failures\n", failures);
    return failures != 0;
}
