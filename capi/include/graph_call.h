/* The state of a Microsoft Graph call, for C. Made by cbindgen from capi/src: do not edit. */

#ifndef GRAPH_CALL_H
#define GRAPH_CALL_H

#include <stddef.h>
#include <stdint.h>

// What became of a function's work.
typedef enum {
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
} graph_call_Status;

// How far a call has come.
typedef enum {
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
} graph_call_State;

// Who has to change for an error to go away.
typedef enum {
  // Nobody: there is no error.
  GRAPH_CALL_CULPRIT_NOBODY = 0,
  // The program that calls.
  GRAPH_CALL_CULPRIT_CALLER = 1,
  // The service that sent the body.
  GRAPH_CALL_CULPRIT_PEER = 2,
  // A capacity of this library: the body was legal and too large.
  GRAPH_CALL_CULPRIT_CAPACITY = 3,
} graph_call_Culprit;

// The texts of a call; see the documentation of the Rust crate for what they mean.
typedef enum {
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
} graph_call_Member;

// The numbers of a call.
typedef enum {
  // How many seconds it rings.
  GRAPH_CALL_NUMBER_RINGING_TIMEOUT_IN_SECONDS = 0,
  // How the call ended: the code.
  GRAPH_CALL_NUMBER_RESULT_CODE = 1,
  // How the call ended: the more exact code.
  GRAPH_CALL_NUMBER_RESULT_SUBCODE = 2,
  // Which key press in order the tone is.
  GRAPH_CALL_NUMBER_TONE_SEQUENCE_ID = 3,
} graph_call_Number;

// Who somebody is in a call.
typedef enum {
  // Who called.
  GRAPH_CALL_PARTY_SOURCE = 0,
  // Whom the call is meant for; there may be several.
  GRAPH_CALL_PARTY_TARGET = 1,
  // Who took the call; there may be several identities, but one participant.
  GRAPH_CALL_PARTY_ANSWERED_BY = 2,
} graph_call_Party;

// What a caller may choose about reading; choices are added.
typedef enum {
  // Accept one comma before a closing bracket, as Microsoft's documentation prints them.
  GRAPH_CALL_PARSE_OPTION_TRAILING_COMMAS = 1,
  // Cut readable text that does not fit, drop the elements of a list that do not, and leave out an id, URI or secret
  // that does not; without it, they are errors.
  GRAPH_CALL_PARSE_OPTION_TRUNCATE = 2,
  // Accept half of a surrogate pair in a value that is kept: U+FFFD stands in its place in readable text; an id, URI or
  // secret is left out.
  GRAPH_CALL_PARSE_OPTION_LONE_SURROGATES = 4,
} graph_call_ParseOption;

// A call, in memory of the caller.
typedef struct graph_call_t graph_call_t;

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

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* GRAPH_CALL_H */
