/* The smallest program that reads a call: what the library costs in flash, as sizes.py measures it. */

#include "graph_call.h"

static uint64_t call_memory[GRAPH_CALL_SIZE / sizeof(uint64_t)];
static uint64_t parser_memory[GRAPH_CALL_PARSER_SIZE / sizeof(uint64_t)];

/* Where a program would have its network and its display. */
static const uint8_t *volatile input;
static volatile size_t input_length;
static volatile graph_call_State shown;

int main(void) {
    graph_call_t *call;
    graph_call_Parser *parser;
    graph_call_State state;
    if (graph_call_init(call_memory, sizeof call_memory, &call) != GRAPH_CALL_STATUS_OK ||
        graph_call_parser_init(parser_memory, sizeof parser_memory, 0, &parser) != GRAPH_CALL_STATUS_OK ||
        graph_call_parser_feed(parser, call, input, input_length) != GRAPH_CALL_STATUS_OK ||
        graph_call_parser_finish(parser, call) != GRAPH_CALL_STATUS_OK ||
        graph_call_state(call, &state) != GRAPH_CALL_STATUS_OK) {
        return 1;
    }
    shown = state;
    return 0;
}
