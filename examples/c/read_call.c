/* Reads a call that arrives in pieces of 64 bytes, and prints what it says. Runs on a desktop and on a Cortex-M4. */

#include <stdio.h>
#include <stdlib.h>

#include "graph_call.h"

/* The document, linked into the program by document.S. */
extern const uint8_t document[];
extern const size_t document_length;

enum { PIECE = 64 };

/* Room for one call and one parser. */
static uint64_t call_memory[GRAPH_CALL_SIZE / sizeof(uint64_t)];
static uint64_t parser_memory[GRAPH_CALL_PARSER_SIZE / sizeof(uint64_t)];

static void check(graph_call_Status status) {
    if (status != GRAPH_CALL_STATUS_OK) {
        printf("%s\n", graph_call_status_text(status));
        exit(1);
    }
}

static void print_text(const char *name, graph_call_Text text) {
    printf("%-12s %.*s\n", name, (int)text.length, text.start ? text.start : "");
}

static void print_member(const char *name, const graph_call_t *call, graph_call_Member member) {
    graph_call_Text text;
    graph_call_Status status = graph_call_text(call, member, &text);
    if (status == GRAPH_CALL_STATUS_OK) {
        print_text(name, text);
    } else {
        printf("%-12s (%s)\n", name, graph_call_status_text(status));
    }
}

static void print_party(const char *name, const graph_call_t *call, graph_call_Party party) {
    size_t count;
    check(graph_call_party_count(call, party, &count));
    for (size_t index = 0; index < count; index++) {
        graph_call_Person person;
        for (size_t identity = 0;
             graph_call_person(call, party, index, identity, &person) == GRAPH_CALL_STATUS_OK; identity++) {
            printf("%-12s %lu.%lu\n", name, (unsigned long)index, (unsigned long)identity);
            print_text("  kind", person.kind);
            print_text("  id", person.id);
            print_text("  name", person.display_name);
        }
    }
}

/* Any member, by its path. */
static void print_value(const graph_call_t *call, const char *path) {
    graph_call_Value value;
    graph_call_Status status = graph_call_value(call, path, &value);
    if (status != GRAPH_CALL_STATUS_OK) {
        printf("%s: %s\n", path, graph_call_status_text(status));
    } else if (value.text.start != NULL) {
        printf("%s: kind %u, %.*s\n", path, (unsigned)value.kind, (int)value.text.length, value.text.start);
    } else {
        printf("%s: kind %u, %ld\n", path, (unsigned)value.kind, (long)value.number);
    }
}

int main(void) {
    graph_call_t *call;
    graph_call_Parser *parser;
    check(graph_call_init(call_memory, sizeof call_memory, &call));
    check(graph_call_parser_init(parser_memory, sizeof parser_memory, 0, &parser));

    graph_call_Status status = GRAPH_CALL_STATUS_OK;
    for (size_t at = 0; at < document_length && status == GRAPH_CALL_STATUS_OK; at += PIECE) {
        size_t left = document_length - at;
        status = graph_call_parser_feed(parser, call, document + at, left < PIECE ? left : PIECE);
    }
    if (status == GRAPH_CALL_STATUS_OK) {
        status = graph_call_parser_finish(parser, call);
    }
    if (status != GRAPH_CALL_STATUS_OK) {
        char message[160];
        check(graph_call_parser_message(parser, message, sizeof message));
        printf("%s\n", message);
        return 1;
    }

    print_member("id", call, GRAPH_CALL_MEMBER_ID);
    print_member("state", call, GRAPH_CALL_MEMBER_STATE);
    print_member("direction", call, GRAPH_CALL_MEMBER_DIRECTION);
    print_member("subject", call, GRAPH_CALL_MEMBER_SUBJECT);
    print_member("callback", call, GRAPH_CALL_MEMBER_CALLBACK_URI);
    print_party("source", call, GRAPH_CALL_PARTY_SOURCE);
    print_party("target", call, GRAPH_CALL_PARTY_TARGET);
    graph_call_Text modality;
    for (size_t index = 0; graph_call_requested_modality(call, index, &modality) == GRAPH_CALL_STATUS_OK; index++) {
        print_text("modality", modality);
    }
    print_value(call, "source.identity.application.displayName");
    print_value(call, "source.identity.phone.id");
    print_value(call, "targets");
    print_value(call, "targets[0].identity.user.id");
    print_value(call, "targets[1].identity");
    print_value(call, "requestedModalities[0]");
    print_value(call, "mediaConfig.preFetchMedia[1].uri");
    print_value(call, "resultInfo.code");
    print_value(call, "colour");
    return 0;
}
