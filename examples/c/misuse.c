/* Every misuse that can be detected is a status, and nothing of it is undefined: run it under valgrind as well. */

#include <stdio.h>
#include <string.h>

#include "graph_call.h"

static _Alignas(16) unsigned char call_memory[32 * 1024];
static _Alignas(16) unsigned char other_memory[32 * 1024];
static _Alignas(16) unsigned char parser_memory[512];
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

static void renew(void) {
    EXPECT(OK, graph_call_init(call_memory, sizeof call_memory, &call));
    EXPECT(OK, graph_call_init(other_memory, sizeof other_memory, &other));
    EXPECT(OK, graph_call_parser_init(parser_memory, sizeof parser_memory, 0, &parser));
}

static void memory_of_the_caller(void) {
    EXPECT(NULL_POINTER, graph_call_init(NULL, sizeof call_memory, &call));
    EXPECT(NULL_POINTER, graph_call_init(call_memory, sizeof call_memory, NULL));
    EXPECT(MISALIGNED, graph_call_init(call_memory + 1, sizeof call_memory - 1, &call));
    EXPECT(TOO_SMALL, graph_call_init(call_memory, graph_call_size() - 1, &call));
    EXPECT(OK, graph_call_init(call_memory, graph_call_size(), &call));
    EXPECT(NULL_POINTER, graph_call_parser_init(NULL, sizeof parser_memory, 0, &parser));
    EXPECT(MISALIGNED, graph_call_parser_init(parser_memory + 1, sizeof parser_memory - 1, 0, &parser));
    EXPECT(TOO_SMALL, graph_call_parser_init(parser_memory, graph_call_parser_size() - 1, 0, &parser));
    EXPECT(UNKNOWN_CONSTANT, graph_call_parser_init(parser_memory, sizeof parser_memory, 8, &parser));
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
    memset(call_memory, 0, sizeof call_memory);
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

static void accessors(void) {
    graph_call_Text text;
    graph_call_Person person;
    graph_call_State state;
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
    memory_of_the_caller();
    objects();
    order();
    accessors();
    bodies();
    printf(failures == 0 ? "every misuse is a status\n" : "%d failures\n", failures);
    return failures != 0;
}
