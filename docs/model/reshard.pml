/*
 * The reshard of docs/protocol.md, section 4, for Spin. README.md tells what is in it, what is not,
 * and how to run it.
 *
 * One partition, two virtual shards, and one source that becomes two targets (SHAPE 12) or two that
 * become one (SHAPE 21). Each "atomic" is one SQLite transaction, or one decision of the coordinator,
 * which Kafka makes atomic. A task stays where it was issued: whoever was told once may be told
 * again, later, as often as it can do harm. Budgets (writes, kills, fences, ...) bound every run.
 * Words in brackets are a row of the protocol's table of transitions.
 */

/* ---- how large, and what may happen ---- */
#ifndef SHAPE
#define SHAPE 12
#endif
#ifndef WRITES
#define WRITES 2
#endif
#ifndef ROUNDS            /* reshard.verify.attempts */
#define ROUNDS 2
#endif
#ifndef AGAIN             /* fences that a provisioner writes once more after a crash */
#define AGAIN 0
#endif
#ifndef KILLS
#define KILLS 1
#endif
#ifndef ALTERATIONS       /* 1: a column is added while it runs */
#define ALTERATIONS 0
#endif
#ifndef DAMAGES           /* differences planted in targets */
#define DAMAGES 0
#endif
#ifndef REPAIRS           /* ON MISMATCH REPAIR, and how often; 0 is ON MISMATCH FAIL */
#define REPAIRS 0
#endif
#ifndef PAUSES
#define PAUSES 0
#endif

#ifdef MANUAL             /* a verify that was equal is followed by another, with attempts of its own */
#define FENCES (2 * ROUNDS)
#else
#define FENCES ROUNDS
#endif
#define LOG (WRITES + FENCES + AGAIN)  /* records in the log; at most 7, one bit each */
#define PLACES (AGAIN + 1)             /* places at which one fence can stand */
#define NONE 15                        /* position of a virtual shard that is not held */
#define DIFFERENT 128                  /* in a digest: these rows are not those of any log */

/* ---- who is who: a replica is a virtual shard in a shard; 0, 1 in sources, 2, 3 in targets ---- */
#define SOURCE(v) (v)
#define TARGET(v) (2 + (v))
#define VIRTUAL(r) ((r) % 2)
#if SHAPE == 12
#define SHARD(r) (((r) / 2) * ((r) - 1))   /* 0 0 1 2 */
#define IS_TARGET(s) ((s) > 0)
#else
#define SHARD(r) ((r) - (r) / 3)           /* 0 1 2 2 */
#define IS_TARGET(s) ((s) == 2)
#endif
#define ALL_TARGETS(is) (is(2) && (is(1) || !IS_TARGET(1)))
#define ALL_SOURCES(is) (is(0) && (is(1) || IS_TARGET(1)))

mtype:phases = { queued, copying, replaying, verifying, switching,
                complete, failed, cancelled, rolled_back };
mtype:files = { absent, partial, applying, dropped };
mtype:owners = { ACTIVE, PENDING, TO_BE_DELETED, GONE };

/* ---- the log: sections 2 and 3 ---- */
byte end;                      /* next offset */
byte writes;
byte written[2];               /* by virtual shard, its writes: bit o is offset o */
byte wide;                     /* writes that set the column which was added */
byte fence[LOG];               /* the fence at an offset, 0 where a write is */
byte fenceVersion[FENCES + 1];
byte catalog = 1;              /* the table's schema version */

/* ---- shard files: what a kill leaves ---- */
mtype:files file[3];
byte version[3] = 1;
byte pos[4] = NONE;            /* next offset to apply */
byte rows[4];                  /* the changes in it, and the rows are a function of these */
bit damaged[4];
byte repaired[3];              /* the last repair that it has begun */

/* ---- processes: what a kill takes ---- */
bit up[3] = 1;
byte armed[3];                 /* the fence that it waits for */
bit fetched[4];                /* a slice on its way into a target */
byte slicePos[4];
byte sliceRows[4];
byte sliceVersion[4];

/* ---- the coordinator, and the topology record: the owner of each shard, and the epoch ---- */
mtype:phases phase;
mtype:owners owner[3];
byte epoch = 1;
byte attempt;                  /* verifies begun */
byte round;                    /* fence of the running verify, 0 for none */
bit fencesWanted;              /* WRITE_FENCES was issued for it */
byte fencesIssued;
byte fencesWritten;
byte writtenAgain;
byte told[3];                  /* the fence for which a shard has said that it is armed */
byte copied[3];                /* COPY_SHARD is done: 1 the first, 2 that of the first repair ... */
bit has[4 * PLACES];           /* digests that came for the running verify */
byte digest[4 * PLACES];
byte digestVersion[4 * PLACES];
byte repairs;
byte copyAgain;                /* virtual shards of the last repair, one bit each */
bit paused;
byte pauses;
byte verified;                 /* manual cutover: the verify that was equal before it waited for SWITCH */
bit switchAsked;
bit rolledBack;
bit cleaning;                  /* grace is over: DROP_SHARD to those who gave the table away */
bit dropping;                  /* it failed or was cancelled: DROP_SHARD to the targets */
byte kills = KILLS;
byte damages = DAMAGES;

/* ---- within one step only; 0 between two steps ---- */
byte r, o, k, v;
byte differing;
bit isComplete, isComparable, isPair;


#define BIT(o) (1 << (o))
#define BELOW(o) ((1 << (o)) - 1)
#define POS(r, s) (SHARD(r) == (s) -> pos[r] : NONE)
#define LEAST(a, b) ((a) < (b) -> (a) : (b))
#define NEXT(s) LEAST(LEAST(POS(0, s), POS(1, s)), LEAST(POS(2, s), POS(3, s)))
#define HELD(r) (pos[r] != NONE)
#define HAS_ENDED (phase == complete || phase == failed || phase == cancelled || phase == rolled_back)
#define WAITS_TO_BE_TOLD (verified > 0 && !switchAsked)
#define IS_BEFORE_SWITCH (phase == queued || phase == copying || phase == replaying || phase == verifying)

/* ---- what must hold: the invariants of section 6 ---- */
/* Section 1: rows are a pure function of a prefix of the log. I1, and with it I4. */
#define IS_PREFIX(r) (rows[r] == (written[VIRTUAL(r)] & BELOW(pos[r])))
#define IS_TRUE(r) (!HELD(r) || damaged[r] || IS_PREFIX(r))
/* I3, and that the owner can be asked. */
#define OWNERS(v) ((owner[SHARD(SOURCE(v))] == ACTIVE) + (owner[SHARD(TARGET(v))] == ACTIVE))
#define IS_THERE(s) (owner[s] != ACTIVE || file[s] == applying)
#define one_owner_is_there (OWNERS(0) == 1 && OWNERS(1) == 1 && IS_THERE(0) && IS_THERE(1) && IS_THERE(2))
/* I1 at the end. */
#define HAS_ALL(r) (owner[SHARD(r)] != ACTIVE \
  || (pos[r] == end && rows[r] == written[VIRTUAL(r)] && !damaged[r]))
#define nothing_is_missing (HAS_ALL(0) && HAS_ALL(1) && HAS_ALL(2) && HAS_ALL(3))
/* I6 at the end: what is not an owner is gone. */
#define IS_TIDY(s) (owner[s] == ACTIVE || file[s] == dropped)
#define nothing_is_left (IS_TIDY(0) && IS_TIDY(1) && IS_TIDY(2))
#define is_set_up (phase != 0)
#define has_ended HAS_ENDED
#define has_switched (phase == switching || (phase == complete && epoch > 1))

#ifdef LIVENESS
ltl owner { [] (is_set_up -> one_owner_is_there) }
ltl ends { <> has_ended }
ltl whole { <> [] (has_ended && nothing_is_missing && nothing_is_left) }
ltl switched { [] (has_switched -> <> [] nothing_is_missing) }
/* False, all of them: the model comes to every end. */
ltl no_complete { [] (phase != complete) }
ltl no_failed { [] (phase != failed) }
ltl no_cancelled { [] (phase != cancelled) }
ltl no_rolled_back { [] (phase != rolled_back) }
ltl no_repair { [] !(phase == complete && repairs > 0) }
ltl no_later_switch { [] !(phase == complete && verified > 0) }
#endif

#include "worker.pml"
#include "coordinator.pml"
#include "around.pml"

init {
  atomic {
    phase = queued;
    setOwners(ACTIVE, PENDING);
    file[0] = applying;
    file[1] = (IS_TARGET(1) -> absent : applying);
    file[2] = absent;
    pos[0] = 0;
    pos[1] = 0;
    run Shard(0);
    run Shard(1);
    run Shard(2);
    run Coordinator();
    run Provisioner();
    run Operator();
    run Writer();
    run Misfortune();
#ifdef READER
    run Reader();
#endif
#ifdef MUTANT_STALE_OWNER_WRITES
    run Zombie();
#endif
    skip
  }
}
