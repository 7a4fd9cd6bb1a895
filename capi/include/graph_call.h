/* The state of a Microsoft Graph call, for C. Made by cbindgen from capi/src: do not edit. */

#ifndef GRAPH_CALL_H
#define GRAPH_CALL_H

#include <stddef.h>
#include <stdint.h>

/*
 * The memory of each object, in bytes, for static storage: an array of uint64_t is aligned for all of them.
 *
 *     static uint64_t call_memory[GRAPH_CALL_SIZE / sizeof(uint64_t)];
 *
 * Define GRAPH_CALL_TINY where the library of the tiny preset is linked; a memory too small is a status.
 */
#if defined(GRAPH_CALL_TINY) && UINTPTR_MAX > 0xffffffffu
#define GRAPH_CALL_CHOSEN(size) size##_TINY_64
#elif defined(GRAPH_CALL_TINY)
#define GRAPH_CALL_CHOSEN(size) size##_TINY_32
#elif UINTPTR_MAX > 0xffffffffu
#define GRAPH_CALL_CHOSEN(size) size##_64
#else
#define GRAPH_CALL_CHOSEN(size) size##_32
#endif
#define GRAPH_CALL_SIZE GRAPH_CALL_CHOSEN(GRAPH_CALL_SIZE)
#define GRAPH_CALL_PARSER_SIZE GRAPH_CALL_CHOSEN(GRAPH_CALL_PARSER_SIZE)
#define GRAPH_CALL_JOB_SIZE GRAPH_CALL_CHOSEN(GRAPH_CALL_JOB_SIZE)
#define GRAPH_CALL_ALIGNMENT 8


#define GRAPH_CALL_SIZE_32 23040

#define GRAPH_CALL_SIZE_64 26496

#define GRAPH_CALL_SIZE_TINY_32 6208

#define GRAPH_CALL_SIZE_TINY_64 7936

#define GRAPH_CALL_PARSER_SIZE_32 256

#define GRAPH_CALL_PARSER_SIZE_64 320

#define GRAPH_CALL_PARSER_SIZE_TINY_32 256

#define GRAPH_CALL_PARSER_SIZE_TINY_64 320

#define GRAPH_CALL_JOB_SIZE_32 8064

#define GRAPH_CALL_JOB_SIZE_64 8384

#define GRAPH_CALL_JOB_SIZE_TINY_32 4352

#define GRAPH_CALL_JOB_SIZE_TINY_64 4672

// What became of a function's work.
enum graph_call_Status
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // It is done.
  GRAPH_CALL_STATUS_OK = 0,
  // The member is absent or null, or did not fit and was left out.
  GRAPH_CALL_STATUS_ABSENT = 1,
  // A pointer is null.
  GRAPH_CALL_STATUS_NULL_POINTER = 2,
  // A pointer is not aligned for what it points to.
  GRAPH_CALL_STATUS_MISALIGNED = 3,
  // The memory is too small.
  GRAPH_CALL_STATUS_TOO_SMALL = 4,
  // The memory was never initialised as this kind of object, or was overwritten since.
  GRAPH_CALL_STATUS_NOT_INITIALISED = 5,
  // Two pieces of memory that must be apart overlap.
  GRAPH_CALL_STATUS_OVERLAP = 6,
  // The functions were called in the wrong order: a call is read before it is finished, a parser is fed after it was,
  // or with another call than before.
  GRAPH_CALL_STATUS_WRONG_ORDER = 7,
  // A number is none of the constants that it must be one of.
  GRAPH_CALL_STATUS_UNKNOWN_CONSTANT = 8,
  // The body is not JSON.
  GRAPH_CALL_STATUS_NOT_JSON = 9,
  // The body ends too early.
  GRAPH_CALL_STATUS_TRUNCATED = 10,
  // A member has a value of another type than Microsoft publishes, or one that is out of range.
  GRAPH_CALL_STATUS_WRONG_VALUE = 11,
  // An object has the same member twice.
  GRAPH_CALL_STATUS_REPEATED_MEMBER = 12,
  // A value is larger than its place, or nested deeper than the parser remembers.
  GRAPH_CALL_STATUS_OVERFLOW = 13,
  // The member is an enumeration, and its value is none that this version knows.
  GRAPH_CALL_STATUS_UNKNOWN_WORD = 14,
  // The body is JSON and no call: an error of the service, a list, or of another type by its `@odata.type`.
  GRAPH_CALL_STATUS_OTHER_BODY = 15,
  // The id of the plan is empty, too long, or has a byte that no id has.
  GRAPH_CALL_STATUS_WRONG_ID = 16,
  // A host of the plan is none, or the cloud has no such name.
  GRAPH_CALL_STATUS_WRONG_HOST = 17,
  // The credential of the plan is incomplete, or a part of it cannot stand in a request.
  GRAPH_CALL_STATUS_WRONG_CREDENTIAL = 18,
  // The access token is empty, too long, or has a byte that no token has.
  GRAPH_CALL_STATUS_WRONG_TOKEN = 19,
  // A name in a path, or in a list of the plan, is none that there is; or the user agent cannot stand in a request.
  GRAPH_CALL_STATUS_WRONG_NAME = 20,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Status graph_call_Status;
#else
typedef uint32_t graph_call_Status;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// How far a call has come.
enum graph_call_State
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  GRAPH_CALL_STATE_UNKNOWN = 0,
  GRAPH_CALL_STATE_INCOMING = 1,
  GRAPH_CALL_STATE_ESTABLISHING = 2,
  GRAPH_CALL_STATE_ESTABLISHED = 3,
  GRAPH_CALL_STATE_HOLD = 4,
  GRAPH_CALL_STATE_TRANSFERRING = 5,
  GRAPH_CALL_STATE_TRANSFER_ACCEPTED = 6,
  GRAPH_CALL_STATE_REDIRECTING = 7,
  GRAPH_CALL_STATE_TERMINATING = 8,
  GRAPH_CALL_STATE_TERMINATED = 9,
  GRAPH_CALL_STATE_RINGING = 10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_State graph_call_State;
#else
typedef uint32_t graph_call_State;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What the program does next, or what it gets.
enum graph_call_Step
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Have a connection to `host` and `port`, with TLS and the name checked, then `CONNECTED` or `FAILED`.
  GRAPH_CALL_STEP_CONNECT = 1,
  // Write some of `bytes`, then `SENT`. They may hold a secret.
  GRAPH_CALL_STEP_SEND = 2,
  // Read into the start of the buffer, then `RECEIVED` or `ENDED`.
  GRAPH_CALL_STEP_RECEIVE = 3,
  // Close the connection, then anything. A job has one at a time.
  GRAPH_CALL_STEP_CLOSE = 4,
  // Let time pass until `by`. If `reason.failure` is not `NONE`, it is why.
  GRAPH_CALL_STEP_WAIT = 5,
  // Bring a token by `graph_call_job_bring`, then `NOTHING`; or `FAILED` with `NO_TOKEN`.
  GRAPH_CALL_STEP_TOKEN = 6,
  // A reading: the call may be read.
  GRAPH_CALL_STEP_CALL = 7,
  // The call was there and is no more: the end of a watch, and no failure. `reason` is the refusal.
  GRAPH_CALL_STEP_GONE = 8,
  // A reading has failed, by `reason`; a watch goes on, unless `reason.is_final`.
  GRAPH_CALL_STEP_FAILED = 9,
  // There is nothing more to do.
  GRAPH_CALL_STEP_OVER = 10,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Step graph_call_Step;
#else
typedef uint32_t graph_call_Step;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What went wrong.
enum graph_call_Failure
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Nothing.
  GRAPH_CALL_FAILURE_NONE = 0,
  // The connection ended before the answer did.
  GRAPH_CALL_FAILURE_CUT = 1,
  // The program could not do what it was to do: `fault` says what.
  GRAPH_CALL_FAILURE_FAULT = 2,
  // A phase, or the whole reading, took longer than the policy allows.
  GRAPH_CALL_FAILURE_TIMEOUT = 3,
  // The answer is none: not HTTP, not JSON, or no call.
  GRAPH_CALL_FAILURE_ANSWER = 4,
  // The answer was to another request, twice.
  GRAPH_CALL_FAILURE_OTHER_ANSWER = 5,
  // The answer is a 200, and no call.
  GRAPH_CALL_FAILURE_NOT_A_CALL = 6,
  // The service does not know the call, and nobody says that there ever was one.
  GRAPH_CALL_FAILURE_NO_SUCH_CALL = 7,
  // Refused, with `status`.
  GRAPH_CALL_FAILURE_REFUSED = 8,
  // The service asks for a wait, `retry_after_ms`, that the policy or the time left does not allow.
  GRAPH_CALL_FAILURE_THROTTLED = 9,
  // The service refuses the token that was just renewed for it.
  GRAPH_CALL_FAILURE_UNAUTHORIZED = 10,
  // The token endpoint's answer holds no token that could be used.
  GRAPH_CALL_FAILURE_BAD_TOKEN = 11,
  // The token is longer than the job's room for it.
  GRAPH_CALL_FAILURE_TOKEN_TOO_LONG = 12,
  // The credential was refused before, and has not changed since.
  GRAPH_CALL_FAILURE_CREDENTIAL_REFUSED = 13,
  // Something that this header does not know: the text says what.
  GRAPH_CALL_FAILURE_OTHER = 14,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Failure graph_call_Failure;
#else
typedef uint32_t graph_call_Failure;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// In which phase of a reading.
enum graph_call_Phase
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Nothing was begun.
  GRAPH_CALL_PHASE_PREPARE = 0,
  // Having a token brought.
  GRAPH_CALL_PHASE_TOKEN = 1,
  // Making a connection.
  GRAPH_CALL_PHASE_CONNECT = 2,
  // Sending the request.
  GRAPH_CALL_PHASE_SEND = 3,
  // Waiting for the first byte of the answer.
  GRAPH_CALL_PHASE_FIRST_BYTE = 4,
  // Reading the answer.
  GRAPH_CALL_PHASE_ANSWER = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Phase graph_call_Phase;
#else
typedef uint32_t graph_call_Phase;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Who answered, which decides what to do about it.
enum graph_call_Who
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Nobody.
  GRAPH_CALL_WHO_NOBODY = 0,
  // The service.
  GRAPH_CALL_WHO_SERVICE = 1,
  // The host that issues tokens.
  GRAPH_CALL_WHO_LOGIN_HOST = 2,
  // Something on the way, in the place of the host.
  GRAPH_CALL_WHO_PROXY = 3,
  // A page that wants a person to sign in to the network.
  GRAPH_CALL_WHO_CAPTIVE_PAGE = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Who graph_call_Who;
#else
typedef uint32_t graph_call_Who;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Who has to change for an error to go away.
enum graph_call_Culprit
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Nobody: there is no error.
  GRAPH_CALL_CULPRIT_NOBODY = 0,
  // The program that calls.
  GRAPH_CALL_CULPRIT_CALLER = 1,
  // The service that sent the body.
  GRAPH_CALL_CULPRIT_PEER = 2,
  // A capacity of this library: the body was legal and too large.
  GRAPH_CALL_CULPRIT_CAPACITY = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Culprit graph_call_Culprit;
#else
typedef uint32_t graph_call_Culprit;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Of which kind a value is, and what of `graph_call_Value` it fills.
enum graph_call_Kind
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // A string: `text`, and `is_cut` if its end is missing.
  GRAPH_CALL_KIND_TEXT = 1,
  // A string that opens something, and is not to be shown: `text`.
  GRAPH_CALL_KIND_SECRET = 2,
  // One of a set of names: `text`, unless it is unknown and there was no room; `number` is 1 if it is known.
  GRAPH_CALL_KIND_WORD = 3,
  // `number` is 1 for true, 0 for false.
  GRAPH_CALL_KIND_BOOL = 4,
  // `number`.
  GRAPH_CALL_KIND_INTEGER = 5,
  // A number of any form: `text`, as it was written.
  GRAPH_CALL_KIND_DOUBLE = 6,
  // A time: `number`, the seconds since the start of 1970 by UTC.
  GRAPH_CALL_KIND_TIME = 7,
  // An object, which has members.
  GRAPH_CALL_KIND_OBJECT = 8,
  // An array: `number` says how many elements there are by the service's word, `is_cut` that it did not send all.
  GRAPH_CALL_KIND_LIST = 9,
  // There was a string that did not fit, or was not wanted.
  GRAPH_CALL_KIND_OMITTED = 10,
  // There was a value of a type that Microsoft does not publish.
  GRAPH_CALL_KIND_PRESENT = 11,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Kind graph_call_Kind;
#else
typedef uint32_t graph_call_Kind;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Which words about a failure.
enum graph_call_About
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // All that is known, in one line for a log.
  GRAPH_CALL_ABOUT_LINE = 0,
  // The code: of the service, or the word of a login host.
  GRAPH_CALL_ABOUT_CODE = 1,
  // The innermost code, such as `AADSTS7000215`.
  GRAPH_CALL_ABOUT_INNER_CODE = 2,
  // What the peer says happened.
  GRAPH_CALL_ABOUT_SAID = 3,
  // What the service calls the request: the id that its support asks for.
  GRAPH_CALL_ABOUT_REQUEST_ID = 4,
  // What to do next.
  GRAPH_CALL_ABOUT_HINT = 5,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_About graph_call_About;
#else
typedef uint32_t graph_call_About;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What the program did. What does not fit the step is taken as `NOTHING`.
enum graph_call_Did
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Nothing, or nothing yet.
  GRAPH_CALL_DID_NOTHING = 0,
  // It began, or began again: whatever was on its way is off.
  GRAPH_CALL_DID_DROPPED = 1,
  // There is a connection. The value is 1 if it was kept from an earlier exchange with the same peer and nothing has come
  // on it since, 0 if it is new.
  GRAPH_CALL_DID_CONNECTED = 2,
  // So many bytes were written.
  GRAPH_CALL_DID_SENT = 3,
  // So many bytes were read into the start of the buffer.
  GRAPH_CALL_DID_RECEIVED = 4,
  // The peer ended the connection. The value is 1 if TLS said so (`close_notify`), else 0.
  GRAPH_CALL_DID_ENDED = 5,
  // It failed: the value is a `GRAPH_CALL_FAULT_...` constant.
  GRAPH_CALL_DID_FAILED = 6,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Did graph_call_Did;
#else
typedef uint32_t graph_call_Did;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Why the program could not do what it was to do.
enum graph_call_Fault
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // There is none.
  GRAPH_CALL_FAULT_NONE = 0,
  // The host name has no address.
  GRAPH_CALL_FAULT_NOT_RESOLVED = 1,
  // No connection came about.
  GRAPH_CALL_FAULT_NOT_CONNECTED = 2,
  // The peer did not prove to be the host it was asked for.
  GRAPH_CALL_FAULT_CERTIFICATE = 3,
  // TLS failed for another reason.
  GRAPH_CALL_FAULT_TLS = 4,
  // The connection was reset, or failed in another way.
  GRAPH_CALL_FAULT_RESET = 5,
  // It took longer than was allowed.
  GRAPH_CALL_FAULT_TIMEOUT = 6,
  // There is no token to be had from outside, for now.
  GRAPH_CALL_FAULT_NO_TOKEN = 7,
  // There is none to be had until somebody changes the credential.
  GRAPH_CALL_FAULT_TOKEN_REFUSED = 8,
  // A proxy did not open a tunnel. The status that it answered is added: 1407.
  GRAPH_CALL_FAULT_PROXY = 1000,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Fault graph_call_Fault;
#else
typedef uint32_t graph_call_Fault;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// The texts of a call; see the documentation of the Rust crate for what they mean.
enum graph_call_Member
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  GRAPH_CALL_MEMBER_ID = 0,
  GRAPH_CALL_MEMBER_STATE = 1,
  GRAPH_CALL_MEMBER_DIRECTION = 2,
  GRAPH_CALL_MEMBER_SUBJECT = 3,
  GRAPH_CALL_MEMBER_CALLBACK_URI = 4,
  GRAPH_CALL_MEMBER_CALL_CHAIN_ID = 5,
  GRAPH_CALL_MEMBER_MY_PARTICIPANT_ID = 6,
  GRAPH_CALL_MEMBER_TENANT_ID = 7,
  GRAPH_CALL_MEMBER_TERMINATION_REASON = 8,
  GRAPH_CALL_MEMBER_RESULT_MESSAGE = 9,
  GRAPH_CALL_MEMBER_CHAT_THREAD_ID = 10,
  GRAPH_CALL_MEMBER_TONE = 11,
  GRAPH_CALL_MEMBER_MEDIA_STATE_AUDIO = 12,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Member graph_call_Member;
#else
typedef uint32_t graph_call_Member;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// The numbers of a call.
enum graph_call_Number
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // How many seconds it rings.
  GRAPH_CALL_NUMBER_RINGING_TIMEOUT_IN_SECONDS = 0,
  // How the call ended: the code.
  GRAPH_CALL_NUMBER_RESULT_CODE = 1,
  // How the call ended: the more exact code.
  GRAPH_CALL_NUMBER_RESULT_SUBCODE = 2,
  // Which key press in order the tone is.
  GRAPH_CALL_NUMBER_TONE_SEQUENCE_ID = 3,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Number graph_call_Number;
#else
typedef uint32_t graph_call_Number;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// Who somebody is in a call.
enum graph_call_Party
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Who called.
  GRAPH_CALL_PARTY_SOURCE = 0,
  // Whom the call is meant for; there may be several.
  GRAPH_CALL_PARTY_TARGET = 1,
  // Who took the call; there may be several identities, but one participant.
  GRAPH_CALL_PARTY_ANSWERED_BY = 2,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_Party graph_call_Party;
#else
typedef uint32_t graph_call_Party;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// What a caller may choose about reading; choices are added.
enum graph_call_ParseOption
#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L
  : uint32_t
#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L
 {
  // Accept one comma before a closing bracket, as Microsoft's documentation prints them.
  GRAPH_CALL_PARSE_OPTION_TRAILING_COMMAS = 1,
  // Cut readable text that does not fit, drop the elements of a list that do not, and leave out an id, URI or secret
  // that does not; without it, they are errors.
  GRAPH_CALL_PARSE_OPTION_TRUNCATE = 2,
  // Accept half of a surrogate pair in a value that is kept: U+FFFD stands in its place in readable text; an id, URI or
  // secret is left out.
  GRAPH_CALL_PARSE_OPTION_LONE_SURROGATES = 4,
};
#ifndef __cplusplus
#if __STDC_VERSION__ >= 202311L
typedef enum graph_call_ParseOption graph_call_ParseOption;
#else
typedef uint32_t graph_call_ParseOption;
#endif // __STDC_VERSION__ >= 202311L
#endif // __cplusplus

// A call, in memory of the caller.
typedef struct graph_call_t graph_call_t;

// A job and what outlives it, the token above all, in memory of the caller.
typedef struct graph_call_Job graph_call_Job;

// A parser, in memory of the caller.
typedef struct graph_call_Parser graph_call_Parser;

// Text in UTF-8 without a NUL at its end; it lives as long as the call is not changed.
typedef struct {
  // Its first byte.
  const char *start;
  // Its length in bytes.
  size_t length;
} graph_call_Text;

// One identity of a participant; a text that is absent has a null start.
typedef struct {
  // What the identity is of, such as `user` or `phone`.
  graph_call_Text kind;
  // The id.
  graph_call_Text id;
  // The name for people.
  graph_call_Text display_name;
} graph_call_Person;

// How often a job tries, and how long it waits for what, in milliseconds. 0 stands for the default.
typedef struct {
  // Attempts of one reading, at most 255; 4 by default.
  uint32_t attempts;
  // The wait before the second attempt, which doubles for each further one; 3,000.
  uint64_t wait_first_ms;
  // The shortest wait, whatever the service asks for; 1,000.
  uint64_t wait_min_ms;
  // The longest wait: a service that asks for more is not waited for; 180,000.
  uint64_t wait_max_ms;
  // The most that chance adds to a wait; 1,000.
  uint64_t jitter_ms;
  // From a host name to a connection, TLS included; 20,000.
  uint64_t connect_ms;
  // To hand over the request; 15,000.
  uint64_t send_ms;
  // From the end of the request to the first byte of the answer; 30,000.
  uint64_t first_byte_ms;
  // From the first byte of the answer to the last; 30,000.
  uint64_t answer_ms;
  // To bring a token from outside; 30,000.
  uint64_t token_ms;
  // One reading: sign-in, all attempts and the waits between; 100,000.
  uint64_t reading_ms;
  // A token with less than this left is renewed before it is used; 300,000.
  uint64_t renew_before_ms;
  // After a renewal that failed, so long until the next; 30,000.
  uint64_t renew_again_ms;
  // The life of a token whose answer states none; 3,600,000.
  uint64_t lifetime_ms;
} graph_call_Policy;

// What a job is to do. Begin with all zeros, which stand for nothing and for the defaults, and set what differs.
//
// Every text ends with a NUL, and stays as it is until the job is over or another one is started.
typedef struct {
  // The id of the call; null if only a token is wanted.
  const char *id;
  // The members wanted, by the names of Microsoft's documentation with commas between, such as `id,state`; null for
  // all. Without `id` nobody can tell an answer about another call.
  const char *select;
  // Not 0 to ask the beta version of the API.
  uint32_t is_beta;
  // Not 0 if there is or was such a call for sure: then "not found" says that it is gone, also at first.
  uint32_t was_seen;
  // The cloud: `global`, `usgov-l4`, `usgov-l5` or `china`; null for the global one.
  const char *cloud;
  // Another host than the cloud's, with a port if it is not 443. IT IS SENT THE ACCESS TOKEN.
  const char *danger_host;
  // Another login host than the cloud's. IT IS SENT THE SECRET.
  const char *danger_login_host;
  // What the program calls itself, such as `room-panel/1.0`; null for the library's name.
  const char *user_agent;
  // The directory in which the application signs in, by name or GUID. Null, as `client_id` and what proves who it is:
  // then the program brings tokens by `graph_call_job_bring`.
  const char *tenant;
  // The id of the application.
  const char *client_id;
  // The secret of the application.
  const char *client_secret;
  // Instead of a secret, an assertion that was signed for the application.
  const char *client_assertion;
  // Milliseconds from one reading to the next, give or take a fifth; 0 for one reading only.
  uint64_t every_ms;
  // The most milliseconds that a watch lasts; 0 for as long as the call does.
  uint64_t lasts_ms;
  // The states that end a watch besides `terminated`, with commas between; null for none.
  const char *until;
  // How often and how long.
  graph_call_Policy policy;
} graph_call_Plan;

// Why a reading failed, in numbers; `graph_call_job_text` has the words.
typedef struct {
  // What went wrong.
  graph_call_Failure failure;
  // What the program could not do, with the status of a proxy added: a number, since the sums have no constants.
  uint32_t fault;
  // In which phase.
  graph_call_Phase phase;
  // Who answered.
  graph_call_Who who;
  // 1 if the job ends with it, else 0.
  uint32_t is_final;
  // The HTTP status, or 0.
  uint32_t status;
  // The status of an earlier refusal in the same reading, after which it was tried again, or 0.
  uint32_t before;
  // The milliseconds that the service asked to wait, or 0.
  uint64_t retry_after_ms;
} graph_call_Reason;

// What is next. What a step does not name is 0.
typedef struct {
  // What to do.
  graph_call_Step step;
  // The port: `CONNECT`.
  uint32_t port;
  // 1 if it has to be a new connection: `CONNECT`.
  uint32_t is_fresh;
  // 1 if there is no TLS: `CONNECT`, and only to a token endpoint on the machine itself.
  uint32_t is_plain;
  // 1 if the service has just refused the last token: `TOKEN`.
  uint32_t was_refused;
  // When to give up, or until when to wait, by the clock of `now_ms`: call `graph_call_job_step` by then.
  uint64_t by;
  // The name or address of the peer: `CONNECT`.
  graph_call_Text host;
  // What to send, in the buffer that was given: `SEND`.
  const uint8_t *bytes;
  // Its length.
  size_t length;
  // The claims that a token has to satisfy, in base64, if there are any: `TOKEN`.
  graph_call_Text claims;
  // Why: `WAIT`, `GONE`, `FAILED`.
  graph_call_Reason reason;
} graph_call_Next;

// The value of a member.
typedef struct {
  // Which kind.
  graph_call_Kind kind;
  // 1 if not all of it is there, else 0.
  uint32_t is_cut;
  // The number, of kinds that have one; else 0.
  int64_t number;
  // The text, of kinds that have one; else its start is null.
  graph_call_Text text;
} graph_call_Value;

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The bytes that a call takes.
size_t graph_call_size(void);

// The alignment that a call's memory needs.
size_t graph_call_alignment(void);

// Makes a new call, with every member absent, in memory of the caller.
//
// # Safety
// `memory` is null or may be written for `length` bytes; `call` is null or may be written.
graph_call_Status graph_call_init(void *memory, size_t length, graph_call_t **call);

// A text of the call: `member` is one of the `GRAPH_CALL_MEMBER_...` constants.
//
// # Safety
// `call` is null or points to memory that was given to `init` and is not changed meanwhile; `text` is null or may be
// written.
graph_call_Status graph_call_text(const graph_call_t *call,
                                  uint32_t member,
                                  graph_call_Text *text);

// How far the call has come; `UNKNOWN` if this version does not know the word, which `graph_call_text` may have.
//
// # Safety
// As for `graph_call_text`.
graph_call_Status graph_call_state(const graph_call_t *call,
                                   graph_call_State *state);

// A number of the call: `number` is one of the `GRAPH_CALL_NUMBER_...` constants.
//
// # Safety
// As for `graph_call_text`.
graph_call_Status graph_call_number(const graph_call_t *call, uint32_t number, int64_t *value);

// How many participants of a role there are in the call's memory, at most as many as fit: `party` is one of the
// `GRAPH_CALL_PARTY_...` constants.
//
// # Safety
// As for `graph_call_text`.
graph_call_Status graph_call_party_count(const graph_call_t *call,
                                         uint32_t party,
                                         size_t *count);

// Who a participant is: its first identity is number 0, and absent is what comes after the last one.
//
// # Safety
// As for `graph_call_text`.
graph_call_Status graph_call_person(const graph_call_t *call,
                                    uint32_t party,
                                    size_t index,
                                    size_t identity,
                                    graph_call_Person *person);

// One of the media that were asked for, such as `audio`; absent is what comes after the last one.
//
// # Safety
// As for `graph_call_text`.
graph_call_Status graph_call_requested_modality(const graph_call_t *call,
                                                size_t index,
                                                graph_call_Text *text);

// The bytes that a job takes.
size_t graph_call_job_size(void);

// The alignment that a job's memory needs.
size_t graph_call_job_alignment(void);

// Makes a new job in memory of the caller; options are 0 or a sum of `GRAPH_CALL_PARSE_OPTION_...` constants.
//
// # Safety
// `memory` is null or may be written for `length` bytes; `job` is null or may be written.
graph_call_Status graph_call_job_init(void *memory,
                                      size_t length,
                                      uint32_t options,
                                      graph_call_Job **job);

// Begins a plan; one that was not over is given up, and the token is kept. `seed` is any number, another each time: it
// makes the request ids, and spreads the waits. A plan that is wrong leaves the job as it was.
//
// # Safety
// `job` is null or points to memory that was given to `init` and is not used elsewhere meanwhile; `plan` is null or
// points to a plan of which each text is null or ends with a NUL.
graph_call_Status graph_call_job_start(graph_call_Job *job,
                                       const graph_call_Plan *plan,
                                       uint64_t seed);

// Takes what the program did (`did` is one of the `GRAPH_CALL_DID_...` constants, explained there with its `value`), and
// says what is next.
//
// `now_ms` is any clock that counts milliseconds. Bytes are read into the start of the buffer, and bytes to send are made
// in it, so any size but 0 does; it is wiped of what it held. The call has to be the same one until a reading is over; then
// another one may take its turn, so that the last reading stays readable. What `next` points to lives until the next
// function that takes the job, or the buffer is written to.
//
// After a status other than `OK` nothing has happened, and `next` is as it was.
//
// # Safety
// `job` and `call` are null or point to memory that was given to their `init` and is not used elsewhere meanwhile;
// `buffer` is null or may be read and written for `length` bytes; `next` is null or may be written; the texts of the plan
// are as they were.
graph_call_Status graph_call_job_step(graph_call_Job *job,
                                      uint64_t now_ms,
                                      uint32_t did,
                                      size_t value,
                                      uint8_t *buffer,
                                      size_t length,
                                      graph_call_t *call,
                                      graph_call_Next *next);

// Brings a token, which `TOKEN` asked for, at a time of the same clock, and the milliseconds that it lives from then on;
// 0 if that is not known. It is copied.
//
// # Safety
// `job` is as for `graph_call_job_start`; `token` is null or may be read for `length` bytes.
graph_call_Status graph_call_job_bring(graph_call_Job *job,
                                       uint64_t now_ms,
                                       const char *token,
                                       size_t length,
                                       uint64_t lifetime_ms);

// Writes words about the failure that the last step told of (`WAIT` with a reason, `GONE`, `FAILED`), with a NUL at the
// end; a text longer than the room is cut. `about` is one of the `GRAPH_CALL_ABOUT_...` constants. Nothing of it is a
// secret, and characters that act on a terminal are spelled out. Absent if there is none.
//
// # Safety
// `job` is as for `graph_call_job_start`; `output` is null or may be written for `capacity` bytes; the texts of the plan
// are as they were.
graph_call_Status graph_call_job_text(graph_call_Job *job,
                                      uint32_t about,
                                      char *output,
                                      size_t capacity);

// Says that the plan's credential is another one: it is used, also where the old one was refused.
//
// # Safety
// `job` is as for `graph_call_job_start`.
graph_call_Status graph_call_job_change_credential(graph_call_Job *job);

// Overwrites the job with zeros, the token with it. Another one needs `graph_call_job_init`.
//
// # Safety
// `job` is as for `graph_call_job_start`.
graph_call_Status graph_call_job_wipe(graph_call_Job *job);

// The bytes that a parser takes.
size_t graph_call_parser_size(void);

// The alignment that a parser's memory needs.
size_t graph_call_parser_alignment(void);

// Makes a new parser in memory of the caller; options are 0 or a sum of `GRAPH_CALL_PARSE_OPTION_...` constants.
//
// A parser reads one body. To read another one, make a new parser in the same memory.
//
// # Safety
// `memory` is null or may be written for `length` bytes; `parser` is null or may be written.
graph_call_Status graph_call_parser_init(void *memory,
                                         size_t length,
                                         uint32_t options,
                                         graph_call_Parser **parser);

// Reads one more piece of the body into the call, in pieces of any size.
//
// After an error the call is empty and the parser is used up: make a new one.
//
// # Safety
// `parser` and `call` are null or point to memory that was given to their `init` and is not used elsewhere meanwhile;
// `input` is null or may be read for `length` bytes.
graph_call_Status graph_call_parser_feed(graph_call_Parser *parser,
                                         graph_call_t *call,
                                         const uint8_t *input,
                                         size_t length);

// Says that the body is over: only now the call may be read.
//
// # Safety
// As for `graph_call_parser_feed`.
graph_call_Status graph_call_parser_finish(graph_call_Parser *parser, graph_call_t *call);

// Who is at fault for the parser's error; `NOBODY` if there is none.
//
// # Safety
// `parser` is null or points to memory that was given to `init`; `culprit` is null or may be written.
graph_call_Status graph_call_parser_culprit(const graph_call_Parser *parser,
                                            graph_call_Culprit *culprit);

// Where the parser's error is, in bytes from the start of the body; absent if there is no error.
//
// # Safety
// `parser` is null or points to memory that was given to `init`; `offset` is null or may be written.
graph_call_Status graph_call_parser_offset(const graph_call_Parser *parser,
                                           size_t *offset);

// Writes the parser's error for people, such as `targets[0].identity: expected an object (byte 22)`, with a NUL at the
// end; a text longer than the room is cut. Absent if there is no error.
//
// # Safety
// `parser` is null or points to memory that was given to `init`; `output` is null or may be written for `capacity`
// bytes.
graph_call_Status graph_call_parser_message(const graph_call_Parser *parser,
                                            char *output,
                                            size_t capacity);

// The text of a status, for people; never null, valid for ever, in English. Takes any number.
const char *graph_call_status_text(uint32_t status);

// The value of any member, by its path: names as Microsoft writes them with dots between, and the elements of arrays by
// number, from 0: `resultInfo.code`, `targets[0].identity.user.id`. Absent if the member is, or an object on the way;
// `WRONG_NAME` if there is no such member.
//
// # Safety
// `call` is null or points to memory that was given to `init` and is not changed meanwhile; `path` is null or ends with a
// NUL; `value` is null or may be written.
graph_call_Status graph_call_value(const graph_call_t *call,
                                   const char *path,
                                   graph_call_Value *value);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* GRAPH_CALL_H */
