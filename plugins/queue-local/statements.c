/* statements.c - the queue's schema and all of its SQL. */
#include "queue_local.h"

/*
 * A message is in one of the two tables, never in both. `due_ms` is when it can
 * be received; `receipt` is that of its newest receive. AUTOINCREMENT: an id is
 * never used again, so a message that is not there any more was removed.
 */
static const char schema[] = "CREATE TABLE messages ("
                             " id INTEGER PRIMARY KEY AUTOINCREMENT,"
                             " sent_ms INTEGER NOT NULL,"
                             " due_ms INTEGER NOT NULL,"
                             " receives INTEGER NOT NULL DEFAULT 0,"
                             " receipt TEXT,"
                             " body BLOB NOT NULL) STRICT;"
                             "CREATE INDEX messages_due ON messages (due_ms);"
                             "CREATE TABLE dead_letters ("
                             " id INTEGER PRIMARY KEY,"
                             " died_ms INTEGER NOT NULL,"
                             " receives INTEGER NOT NULL,"
                             " reason TEXT NOT NULL,"
                             " body BLOB NOT NULL) STRICT;"
                             "CREATE INDEX dead_letters_died ON dead_letters (died_ms);";

static const char *const statements[] = {
    [LOCAL_SEND] = "INSERT INTO messages (sent_ms, due_ms, body) VALUES (?, ?, ?)",

    /* Due later than any message may be: the clock was set back. Nothing stays hidden for ever. */
    [LOCAL_IS_DUE] = "SELECT 1 WHERE EXISTS (SELECT 1 FROM messages WHERE due_ms <= ?)"
                     " OR EXISTS (SELECT 1 FROM messages WHERE due_ms > ?)",
    [LOCAL_IS_OF_FUTURE] = "SELECT 1 FROM messages WHERE sent_ms > ? LIMIT 1",
    [LOCAL_WAKE] = "UPDATE messages SET due_ms = ? WHERE due_ms > ?",
    [LOCAL_NEXT] = "SELECT id, receives, sent_ms, body FROM messages"
                   " WHERE due_ms <= ? ORDER BY due_ms, id LIMIT 1",
    [LOCAL_TAKE] = "UPDATE messages SET receives = receives + 1, due_ms = ?,"
                   " receipt = id || '.' || lower(hex(randomblob(8)))"
                   " WHERE id = ? RETURNING receipt",

    [LOCAL_EXTEND] = "UPDATE messages SET due_ms = ? WHERE id = ? AND receipt = ?",
    [LOCAL_REMOVE] = "DELETE FROM messages WHERE id = ? AND receipt = ?",
    [LOCAL_EXISTS] = "SELECT 1 FROM messages WHERE id = ?",

    [LOCAL_BURY] = "INSERT INTO dead_letters (died_ms, reason, id, receives, body)"
                   " SELECT ?, ?, id, receives, body FROM messages WHERE id = ?",
    [LOCAL_BURY_RECEIVED] =
        "INSERT INTO dead_letters (died_ms, reason, id, receives, body)"
        " SELECT ?, ?, id, receives, body FROM messages WHERE id = ? AND receipt = ?",
    [LOCAL_FORGET] = "DELETE FROM messages WHERE id = ?",
    [LOCAL_IS_DEAD] = "SELECT 1 FROM dead_letters WHERE id = ?",

    [LOCAL_LIST_DEAD] = "SELECT id, body, reason, receives, died_ms FROM dead_letters"
                        " ORDER BY died_ms, id LIMIT ?",
    [LOCAL_REVIVE] = "INSERT INTO messages (sent_ms, due_ms, id, body)"
                     " SELECT ?, ?, id, body FROM dead_letters WHERE id = ?",
    [LOCAL_REMOVE_DEAD] = "DELETE FROM dead_letters WHERE id = ?",
    [LOCAL_REVIVE_ALL] = "INSERT INTO messages (sent_ms, due_ms, id, body)"
                         " SELECT ?, ?, id, body FROM dead_letters",
    [LOCAL_REMOVE_ALL_DEAD] = "DELETE FROM dead_letters",

    [LOCAL_STATS] = "SELECT count(*) FILTER (WHERE due_ms <= ?1 OR due_ms > ?2),"
                    " count(*) FILTER (WHERE due_ms > ?1 AND due_ms <= ?2 AND receipt IS NOT NULL),"
                    " count(*) FILTER (WHERE due_ms > ?1 AND due_ms <= ?2 AND receipt IS NULL),"
                    " (SELECT count(*) FROM dead_letters),"
                    " ?1 - min(sent_ms)"
                    " FROM messages",
};

const struct database_plan local_plan = {
    .folder = "queue",
    .version = 1,
    .schema = schema,
    .statements = statements,
    .n_statements = sizeof statements / sizeof *statements,
};
