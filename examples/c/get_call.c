/*
 * Gets calls, or watches one, over TLS from a desktop or a Linux board:
 *
 *     get_call [-w MILLISECONDS] [-u STATES] [-t MILLISECONDS] [-h HOST:PORT] [-c CA_FILE] ID...
 *
 * -w watches each call until it has ended, or is in one of the STATES, and reads it so often; -t is the most time of a
 * reading. Without -h it asks the
 * global cloud. The application is what AZURE_TENANT_ID, AZURE_CLIENT_ID and AZURE_CLIENT_SECRET name; without them the
 * access token comes from GRAPH_CALL_TOKEN.
 */

#define _POSIX_C_SOURCE 200809L

#include <openssl/rand.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "connection.h"

static uint64_t job_memory[GRAPH_CALL_JOB_SIZE / sizeof(uint64_t)];
static uint64_t call_memory[GRAPH_CALL_SIZE / sizeof(uint64_t)];
static uint8_t buffer[2048];

static void check(graph_call_Status status) {
    if (status != GRAPH_CALL_STATUS_OK) {
        fprintf(stderr, "%s\n", graph_call_status_text(status));
        exit(2);
    }
}

/* Tells why, and what helps. */
static void print_failure(const char *what, const char *id, graph_call_Job *job) {
    char text[512];
    check(graph_call_job_text(job, GRAPH_CALL_ABOUT_LINE, text, sizeof text));
    fprintf(stderr, "%s: %s: %s", what, id, text);
    if (graph_call_job_text(job, GRAPH_CALL_ABOUT_HINT, text, sizeof text) == GRAPH_CALL_STATUS_OK) {
        fprintf(stderr, "; %s", text);
    }
    fprintf(stderr, "\n");
}

static void print_call(const char *id, const graph_call_t *call) {
    graph_call_Text state = {0};
    graph_call_text(call, GRAPH_CALL_MEMBER_STATE, &state);
    printf("%s %.*s\n", id, (int)state.length, state.start != NULL ? state.start : "");
}

/* Brings the token of the environment, once: if it was refused, there is no other. */
static Outcome bring(graph_call_Job *job, const graph_call_Next *next) {
    const char *token = getenv("GRAPH_CALL_TOKEN");
    Outcome outcome = {0};
    if (token == NULL || next->was_refused != 0 ||
        graph_call_job_bring(job, now_ms(), token, strlen(token), 0) != GRAPH_CALL_STATUS_OK) {
        outcome.did = GRAPH_CALL_DID_FAILED;
        outcome.value = GRAPH_CALL_FAULT_TOKEN_REFUSED;
    }
    return outcome;
}

/* Does what the job says, until it is over; 0 if the last reading failed. */
static int run(graph_call_Job *job, Connection *connection, graph_call_t *call, const char *id) {
    Outcome last = {GRAPH_CALL_DID_DROPPED, 0};
    graph_call_Next next;
    int is_good = 0;
    for (;;) {
        check(graph_call_job_step(job, now_ms(), last.did, last.value, buffer, sizeof buffer, call, &next));
        last.did = GRAPH_CALL_DID_NOTHING;
        last.value = 0;
        switch (next.step) {
        case GRAPH_CALL_STEP_CONNECT:
            last = connection_open(connection, &next);
            break;
        case GRAPH_CALL_STEP_SEND:
            last = connection_send(connection, next.bytes, next.length, next.by);
            break;
        case GRAPH_CALL_STEP_RECEIVE:
            last = connection_receive(connection, buffer, sizeof buffer, next.by);
            break;
        case GRAPH_CALL_STEP_CLOSE:
            connection_close(connection);
            break;
        case GRAPH_CALL_STEP_WAIT:
            if (next.reason.failure != GRAPH_CALL_FAILURE_NONE) {
                print_failure("again", id, job);
            }
            wait_until(next.by);
            break;
        case GRAPH_CALL_STEP_TOKEN:
            last = bring(job, &next);
            break;
        case GRAPH_CALL_STEP_CALL:
            print_call(id, call);
            is_good = 1;
            break;
        case GRAPH_CALL_STEP_GONE:
            printf("%s is gone\n", id);
            is_good = 1;
            break;
        case GRAPH_CALL_STEP_FAILED:
            print_failure("failed", id, job);
            is_good = 0;
            break;
        default:
            return is_good;
        }
    }
}

int main(int count, char **words) {
    Connection connection;
    graph_call_Plan plan = {0};
    graph_call_Job *job;
    graph_call_t *call;
    const char *ca_file = NULL;
    uint64_t seed;
    int are_good = 1;
    int option;

    while ((option = getopt(count, words, "w:u:t:h:c:")) != -1) {
        switch (option) {
        case 'w':
            plan.every_ms = strtoull(optarg, NULL, 10);
            break;
        case 'u':
            plan.until = optarg;
            break;
        case 't':
            plan.policy.reading_ms = strtoull(optarg, NULL, 10);
            break;
        case 'h': /* Another host than Microsoft's is sent the secret and the token. */
            plan.danger_host = plan.danger_login_host = optarg;
            break;
        case 'c':
            ca_file = optarg;
            break;
        default:
            return 2;
        }
    }
    plan.select = "id,state";
    plan.tenant = getenv("AZURE_TENANT_ID");
    plan.client_id = getenv("AZURE_CLIENT_ID");
    plan.client_secret = getenv("AZURE_CLIENT_SECRET");

    signal(SIGPIPE, SIG_IGN);
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!connection_init(&connection, ca_file) || RAND_bytes((unsigned char *)&seed, sizeof seed) != 1) {
        fprintf(stderr, "no TLS\n");
        return 2;
    }
    check(graph_call_init(call_memory, sizeof call_memory, &call));
    check(graph_call_job_init(job_memory, sizeof job_memory, GRAPH_CALL_PARSE_OPTION_TRUNCATE, &job));
    /* One after the other, over one sign-in and one connection. */
    for (int at = optind; at < count; at++) {
        plan.id = words[at];
        check(graph_call_job_start(job, &plan, seed + (uint64_t)at));
        are_good &= run(job, &connection, call, plan.id);
    }
    connection_free(&connection);
    check(graph_call_job_wipe(job));
    return are_good ? 0 : 1;
}
