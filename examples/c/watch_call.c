/*
 * Watches calls to their end over a connection that is a script: what the hosts answer is in this program, and the
 * clock goes on by itself. So it needs no network, and prints the same on a desktop and on a Cortex-M4.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "graph_call.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
#define REFUSED(status) "HTTP/1.1 " status "\r\nContent-Type: application/json\r\n"
#define BY_SERVICE(status) REFUSED(status) "request-id: c1b0e9f8\r\n"
#define TOKEN OK "Content-Length: 62\r\n\r\n{\"token_type\":\"Bearer\",\"expires_in\":3599,\"access_token\":\"abc\"}"

/* What the hosts answer, in order; an answer that is cut short ends with its connection. */
typedef struct {
    const char *host;
    const char *bytes;
} Answer;

static const Answer watched[] = {
    {"login.microsoftonline.com", TOKEN},
    {"graph.microsoft.com",
     OK "Content-Length: 37\r\n\r\n{\"id\":\"57dab8b1\",\"state\":\"incoming\" }"},
    {"graph.microsoft.com",
     BY_SERVICE("503 Service Unavailable") "Retry-After: 7\r\nContent-Length: 0\r\n\r\n"},
    {"graph.microsoft.com",
     OK "Transfer-Encoding: chunked\r\n\r\n13\r\n{\"id\":\"57dab8b1\",\"s\r\n16\r\ntate\":\"establishing\" }\r\n0\r\n\r\n"},
    {"graph.microsoft.com", BY_SERVICE("401 Unauthorized") "Content-Length: 0\r\n\r\n"},
    {"login.microsoftonline.com", TOKEN},
    {"graph.microsoft.com", OK "Content-Length: 40\r\n\r\n{\"id\":\"57dab8b1\",\"state\":\"established\" }"},
    {"graph.microsoft.com", OK "Content-Length: 40\r\n\r\n{\"id\":\"57dab8b1\",\"state\":\"hold"},
    {"graph.microsoft.com", OK "Content-Length: 40\r\n\r\n{\"id\":\"57dab8b1\",\"state\":\"established\" }"},
    {"graph.microsoft.com", OK "Content-Length: 39\r\n\r\n{\"id\":\"57dab8b1\",\"state\":\"terminated\" }"},
    {NULL, NULL},
};

static const Answer missing[] = {
    {"graph.microsoft.com",
     BY_SERVICE("404 Not Found") "Content-Length: 55\r\n\r\n"
     "{\"error\":{\"code\":\"8522\",\"message\":\"Call not found.\"}}   "},
    {NULL, NULL},
};

/* A login host whose words would act on a terminal, and one that gives the secret back. */
static const Answer refused[] = {
    {"login.microsoftonline.com",
     REFUSED("401 Unauthorized") "Content-Length: 93\r\n\r\n"
     "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: wrong.\\r\\nAsk\\u001b[2J again.\"}"},
    {NULL, NULL},
};
static const Answer reflecting[] = {
    {"login.microsoftonline.com",
     REFUSED("401 Unauthorized") "Content-Length: 103\r\n\r\n"
     "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000215: no.\\r\\nanother s3cr3t is wrong\\u001b[2J\"}"},
    {NULL, NULL},
};

static uint64_t job_memory[GRAPH_CALL_JOB_SIZE / sizeof(uint64_t)];
/* Two, so that the last reading stays readable while the next one comes. */
static uint64_t call_memory[2][GRAPH_CALL_SIZE / sizeof(uint64_t)];

static graph_call_Job *job;
static graph_call_t *calls[2];

static void check(graph_call_Status status) {
    if (status != GRAPH_CALL_STATUS_OK) {
        printf("%s\n", graph_call_status_text(status));
        exit(1);
    }
}

static void print_text(const char *name, graph_call_About about) {
    char text[256];
    if (graph_call_job_text(job, about, text, sizeof text) == GRAPH_CALL_STATUS_OK) {
        printf("  %-10s %s\n", name, text);
    }
}

static void print_reason(const char *what, const graph_call_Reason *reason) {
    printf("%s: failure %u, phase %u, who %u, status %u, before %u, retry after %lu ms%s\n", what,
           (unsigned)reason->failure, (unsigned)reason->phase, (unsigned)reason->who, (unsigned)reason->status,
           (unsigned)reason->before, (unsigned long)reason->retry_after_ms, reason->is_final ? ", final" : "");
    print_text("line", GRAPH_CALL_ABOUT_LINE);
    print_text("code", GRAPH_CALL_ABOUT_CODE);
    print_text("inner code", GRAPH_CALL_ABOUT_INNER_CODE);
    print_text("said", GRAPH_CALL_ABOUT_SAID);
    print_text("request id", GRAPH_CALL_ABOUT_REQUEST_ID);
    print_text("hint", GRAPH_CALL_ABOUT_HINT);
}

static void print_state(const char *when, const graph_call_t *call) {
    graph_call_Text state;
    if (graph_call_text(call, GRAPH_CALL_MEMBER_STATE, &state) == GRAPH_CALL_STATUS_OK) {
        printf("%s%.*s\n", when, (int)state.length, state.start);
    }
}

/* Does a plan over a script, in pieces of so many bytes, from a time on. */
static uint64_t run(const graph_call_Plan *plan, const Answer *answer, size_t piece, uint64_t now) {
    uint8_t buffer[512];
    graph_call_Next next;
    uint32_t did = GRAPH_CALL_DID_DROPPED;
    size_t value = 0;
    size_t sent = 0;
    size_t last = 1;
    const char *left = NULL;

    check(graph_call_job_start(job, plan, 7));
    for (;;) {
        check(graph_call_job_step(job, now, did, value, buffer, sizeof buffer, calls[1 - last], &next));
        did = GRAPH_CALL_DID_NOTHING;
        value = 0;
        switch (next.step) {
        case GRAPH_CALL_STEP_CONNECT:
            printf("connect to %.*s:%u\n", (int)next.host.length, next.host.start, (unsigned)next.port);
            if (answer->host == NULL || strlen(answer->host) != next.host.length ||
                memcmp(answer->host, next.host.start, next.host.length) != 0) {
                printf("nobody there\n");
                exit(1);
            }
            left = answer->bytes;
            answer++;
            sent = 0;
            did = GRAPH_CALL_DID_CONNECTED;
            break;
        case GRAPH_CALL_STEP_SEND:
            if (sent == 0) {
                printf("%.*s...\n", (int)strcspn((const char *)next.bytes, " "), (const char *)next.bytes);
            }
            sent += next.length;
            did = GRAPH_CALL_DID_SENT;
            value = next.length;
            break;
        case GRAPH_CALL_STEP_RECEIVE:
            value = strlen(left) < piece ? strlen(left) : piece;
            memcpy(buffer, left, value);
            left += value;
            did = value > 0 ? GRAPH_CALL_DID_RECEIVED : GRAPH_CALL_DID_ENDED;
            break;
        case GRAPH_CALL_STEP_CLOSE:
            printf("close\n");
            break;
        case GRAPH_CALL_STEP_WAIT:
            if (next.reason.failure != GRAPH_CALL_FAILURE_NONE) {
                print_reason("wait", &next.reason);
            }
            now = next.by;
            break;
        case GRAPH_CALL_STEP_TOKEN:
            printf("a token is brought\n");
            check(graph_call_job_bring(job, now, "abc", 3, 0));
            break;
        case GRAPH_CALL_STEP_CALL:
            last = 1 - last;
            print_state("state: ", calls[last]);
            break;
        case GRAPH_CALL_STEP_GONE:
            print_reason("gone", &next.reason);
            break;
        case GRAPH_CALL_STEP_FAILED:
            print_reason("failed", &next.reason);
            if (plan->every_ms != 0 && !next.reason.is_final) {
                print_state("  the last state stays readable: ", calls[last]);
            }
            break;
        default:
            printf("over\n");
            return now;
        }
    }
}

int main(void) {
    graph_call_Plan plan = {0};
    uint64_t now = 1000;

    check(graph_call_init(call_memory[0], sizeof call_memory[0], &calls[0]));
    check(graph_call_init(call_memory[1], sizeof call_memory[1], &calls[1]));
    check(graph_call_job_init(job_memory, sizeof job_memory, 0, &job));

    printf("A call is watched to its end.\n");
    plan.id = "57dab8b1";
    plan.select = "id,state";
    plan.tenant = "contoso.example";
    plan.client_id = "2891555a";
    plan.client_secret = "s3cr3t";
    plan.every_ms = 5000;
    now = run(&plan, watched, 64, now);

    printf("\nAnother one, by the same token, was never there.\n");
    plan.id = "no-such-call";
    now = run(&plan, missing, 1, now);

    printf("\nThe same, for a program that knows it was there.\n");
    plan.was_seen = 1;
    now = run(&plan, missing, 512, now);

    printf("\nA new credential is refused, and not tried twice.\n");
    check(graph_call_job_change_credential(job));
    plan.client_secret = "another s3cr3t";
    plan.every_ms = 0;
    now = run(&plan, refused, 512, now);
    now = run(&plan, refused, 512, now);

    printf("\nThe next one is given back by its host, and not shown.\n");
    check(graph_call_job_change_credential(job));
    now = run(&plan, reflecting, 512, now);

    printf("\nA token from outside.\n");
    check(graph_call_job_change_credential(job));
    plan.tenant = plan.client_id = plan.client_secret = NULL;
    now = run(&plan, missing, 512, now);

    check(graph_call_job_wipe(job));
    for (size_t at = 0; at < sizeof job_memory / sizeof *job_memory; at++) {
        if (job_memory[at] != 0) {
            printf("something is left of the job\n");
            return 1;
        }
    }
    return 0;
}
