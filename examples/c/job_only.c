/* The smallest program that does the whole job: what the library costs in flash, as sizes.py measures it. */

#include "graph_call.h"

static uint64_t call_memory[GRAPH_CALL_SIZE / sizeof(uint64_t)];
static uint64_t job_memory[GRAPH_CALL_JOB_SIZE / sizeof(uint64_t)];
static uint8_t buffer[512];

/* Where a program would have its network, its clock and its display. */
static volatile uint32_t did;
static volatile size_t value;
static volatile uint64_t now;
static volatile graph_call_State shown;

int main(void) {
    graph_call_t *call;
    graph_call_Job *job;
    graph_call_Next next;
    graph_call_State state;
    graph_call_Plan plan = {0};
    plan.id = "57dab8b1";
    plan.tenant = "contoso.example";
    plan.client_id = "2891555a";
    plan.client_secret = "s3cr3t";
    plan.every_ms = 5000;
    if (graph_call_init(call_memory, sizeof call_memory, &call) != GRAPH_CALL_STATUS_OK ||
        graph_call_job_init(job_memory, sizeof job_memory, 0, &job) != GRAPH_CALL_STATUS_OK ||
        graph_call_job_start(job, &plan, 7) != GRAPH_CALL_STATUS_OK) {
        return 1;
    }
    do {
        if (graph_call_job_step(job, now, did, value, buffer, sizeof buffer, call, &next) != GRAPH_CALL_STATUS_OK) {
            return 1;
        }
        if (next.step == GRAPH_CALL_STEP_CALL && graph_call_state(call, &state) == GRAPH_CALL_STATUS_OK) {
            shown = state;
        }
    } while (next.step != GRAPH_CALL_STEP_OVER);
    return 0;
}
