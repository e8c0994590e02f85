/* failpoint.h - places where a test makes the process die, as a power cut would; nothing of them is in a build without -Dfailpoints=true.
 *
 * SONGDA_FAILPOINT=name:count kills the process with SIGKILL when it comes to that place for the count-th time, each time it was started
 * with that. SONGDA_FAILPOINT=@FILE reads name:count from a file, and removes it before dying: so it dies once. An unknown name ends the
 * process at once.
 */
#ifndef SONGDA_BASE_FAILPOINT_H
#define SONGDA_BASE_FAILPOINT_H

/* The table: name, and what is true there. */
#define FAILPOINTS(POINT)                                                                          \
    POINT(before_begin, "a batch has its calls, and PostgreSQL knows nothing of it")               \
    POINT(reads_sent, "BEGIN and the first reads are out")                                         \
    POINT(after_reads, "reads are answered, handlers have not gone on")                            \
    POINT(before_writes, "all handlers are done, nothing they wrote was sent")                     \
    POINT(writes_sent, "the counted writes are out")                                               \
    POINT(before_outbox, "the writes are queued, their events are not")                            \
    POINT(before_commit, "everything is queued but COMMIT")                                        \
    POINT(commit_sent, "COMMIT is out and not answered")                                           \
    POINT(committed, "COMMIT is answered, nobody was told")                                        \
    POINT(rolling_back, "ROLLBACK is out")                                                         \
    POINT(rolled_back, "ROLLBACK is answered, the calls have not begun again")                     \
    POINT(before_answer, "a call is durable, its answer is not out")                               \
    POINT(answered, "the answer is out, the wake-up is not")                                       \
    POINT(before_wake, "all are answered, those who wait for events are not woken")                \
    POINT(events_served, "a consumer's question for events is being carried out")                  \
    POINT(event_asked, "events were asked for")                                                    \
    POINT(event_read, "events are here, nothing was done about them")                              \
    POINT(position_taken, "the new position is written and not committed, no effect yet")          \
    POINT(effect_done, "the effects are written, neither they nor the position are committed")     \
    POINT(event_applied,                                                                           \
          "effects and position are committed, the process does not know the position yet")        \
    POINT(event_failed, "an effect failed and was rolled back")                                    \
    POINT(positions_told, "the producer was told how far this consumer is")                        \
    POINT(job_claimed, "a job's row is taken, the job has not begun")                              \
    POINT(job_done, "a job is done and not committed")                                             \
    POINT(job_committed, "a job is committed, its process does not know it yet")

#define FAILPOINT_NAME(name, meaning) FAILPOINT_##name,
enum failpoint { FAILPOINTS(FAILPOINT_NAME) FAILPOINT_COUNT };
#undef FAILPOINT_NAME

#ifdef SONGDA_FAILPOINTS
void failpoint_pass(enum failpoint point);
#define FAILPOINT(name) failpoint_pass(FAILPOINT_##name)
#else
#define FAILPOINT(name) ((void)0)
#endif

#endif
