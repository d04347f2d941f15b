/*
 * A shard worker with one shard, so that any shard can die alone. Its file is a SQLite file; what is
 * one step here is one transaction there.
 */

#ifdef MUTANT_STALE_OWNER_WRITES
byte zombie = NONE;            /* a shard with two processes */
byte zombieNext;
#endif

inline forgetSlice(r) { fetched[r] = 0; slicePos[r] = 0; sliceRows[r] = 0; sliceVersion[r] = 0 }

/* kill -9: the file stays, everything else goes. */
inline die(s) {
  d_step {
#ifdef MUTANT_STALE_OWNER_WRITES
    if :: zombie == NONE && file[s] == applying -> zombie = s; zombieNext = NEXT(s) :: else fi;
#endif
    up[s] = 0;
    armed[s] = 0;
    if :: SHARD(2) == s -> forgetSlice(2) :: else fi;
    if :: SHARD(3) == s -> forgetSlice(3) :: else fi
  }
}

#ifdef LOSS
bit isLost;
#endif

#ifdef POWER
/* A power cut takes the last transactions too, back to what was synced (synchronous=NORMAL). */
mtype:files syncedFile[3];
byte syncedVersion[3] = 1;
byte syncedPos[4] = NONE;
byte syncedRows[4];

inline sync(s) {
  d_step {
    syncedFile[s] = file[s];
    syncedVersion[s] = version[s];
    r = 0;
    do
    :: r < 4 && SHARD(r) == s -> syncedPos[r] = pos[r]; syncedRows[r] = rows[r]; r++
    :: r < 4 && SHARD(r) != s -> r++
    :: else -> break
    od;
    r = 0
  }
}

inline losePower(s) {
  d_step {
    if
    :: file[s] != dropped ->
       file[s] = (IS_TARGET(s) && syncedFile[s] != applying -> absent : applying);
       version[s] = syncedVersion[s];
       r = 0;
       do
       :: r < 4 && SHARD(r) == s ->
          pos[r] = (IS_TARGET(s) -> syncedPos[r] : 0);
          rows[r] = (IS_TARGET(s) -> syncedRows[r] : 0);
          r++
       :: r < 4 && SHARD(r) != s -> r++
       :: else -> break
       od;
       r = 0
    :: else
    fi
  }
}
#endif

/* ---- COPY_SHARD: section 4, "copying" ---- */

#define CAN_FETCH(r, s) (SHARD(r) == (s) && !HELD(r) && !fetched[r] && phase != queued \
  && file[SHARD((r) - 2)] == applying && up[SHARD((r) - 2)])
#ifdef MUTANT_COPY_WITHOUT_THE_COLUMN
#define KNOWS_COLUMNS(r, s) true
#else
#define KNOWS_COLUMNS(r, s) (sliceVersion[r] <= version[s])
#endif
#define HAS_COPIED(s) (NEXT(s) != NONE && (SHARD(2) != (s) || HELD(2)) && (SHARD(3) != (s) || HELD(3)))

/* Rows and position, read in one snapshot ... */
inline fetch(r) {
  d_step {
    fetched[r] = 1;
    slicePos[r] = pos[r - 2];
    sliceRows[r] = rows[r - 2];
    sliceVersion[r] = version[SHARD(r - 2)]
  }
}

/* ... and written in one transaction. On one node these are one step; a slice may be late. */
inline install(r, s) {
  d_step {
#ifdef MUTANT_COPY_OF_TWO_SNAPSHOTS
    sliceRows[r] = rows[r - 2];
#endif
    assert(sliceVersion[r] <= version[s] || (sliceRows[r] & wide) == 0);
    pos[r] = slicePos[r];
    rows[r] = sliceRows[r];
    damaged[r] = 0;
    forgetSlice(r);
    assert(IS_TRUE(r))
  }
}

/* ---- a repair: COPY_SHARD with copyAgain; once, however often it is asked for ---- */

#define IS_CONCERNED(s) ((SHARD(2) == (s) && (copyAgain & 1)) || (SHARD(3) == (s) && (copyAgain & 2)))
#ifdef MUTANT_REPAIR_NOT_REMEMBERED
#define HAS_TO_REPAIR(s) (repaired[s] != repairs || kills > 0)
#else
#define HAS_TO_REPAIR(s) (repaired[s] != repairs)
#endif

inline beginRepair(s) {
  d_step {
    file[s] = partial;
    repaired[s] = repairs;
    if :: SHARD(2) == s && (copyAgain & 1) -> pos[2] = NONE; rows[2] = 0; damaged[2] = 0 :: else fi;
    if :: SHARD(3) == s && (copyAgain & 2) -> pos[3] = NONE; rows[3] = 0; damaged[3] = 0 :: else fi;
    if :: SHARD(2) == s -> forgetSlice(2) :: else fi;
    if :: SHARD(3) == s -> forgetSlice(3) :: else fi
  }
}

/* ---- the applier: sections 3 and 5 ---- */

#define IS_ARMED_AT(s, o) (fence[o] != 0 && fence[o] == armed[s])
#define IS_WIDE_AT(o) (fence[o] == 0 && (wide & BIT(o)))
#ifdef MUTANT_APPLY_WITHOUT_THE_COLUMN
#define MUST_WAIT(s) false
#else
#define MUST_WAIT(s) ((IS_WIDE_AT(NEXT(s)) && version[s] < 2) \
  || (IS_ARMED_AT(s, NEXT(s)) && version[s] < fenceVersion[armed[s]]))
#endif

inline takeRows(s) {
  d_step {
    r = 0;
    do
    :: r < 4 ->
       if
       :: SHARD(r) == s && pos[r] <= o && (written[VIRTUAL(r)] & BIT(o)) ->
          assert((rows[r] & BIT(o)) == 0 || damaged[r]);
          assert(version[s] == 2 || (wide & BIT(o)) == 0);
          rows[r] = rows[r] | BIT(o)
       :: else
       fi;
       r++
    :: else -> break
    od;
    r = 0
  }
}

inline takePositions(s) {
  d_step {
    r = 0;
    do
    :: r < 4 ->
       if
       :: SHARD(r) == s && pos[r] <= o -> pos[r] = o + 1
       :: else
       fi;
       r++
    :: else -> break
    od;
    r = 0
  }
}

/* Digests of a snapshot at the fence; late ones come to another verify, and then count for nothing. */
inline answerFence(s) {
  d_step {
    k = 0;
    r = 0;
    do
    :: r < o -> k = k + (fence[r] == fence[o]); r++
    :: else -> break
    od;
    r = 0;
    do
    :: r < 4 ->
       if
       :: SHARD(r) == s && pos[r] == o + 1 ->
          has[r * PLACES + k] = 1;
          digest[r * PLACES + k] = rows[r] + (damaged[r] -> DIFFERENT : 0);
          digestVersion[r * PLACES + k] = version[s];
#ifdef MUTANT_DIGEST_BEHIND_THE_FENCE
          digest[r * PLACES + k] = (r < 2 -> digest[r * PLACES + k] : (written[VIRTUAL(r)] & BELOW(end)));
#endif
       :: else
       fi;
       r++
    :: else -> break
    od;
    r = 0;
    k = 0
  }
}

inline applyNext(s) {
  o = NEXT(s);
  if
  :: takeRows(s); takePositions(s)
#ifdef MUTANT_POSITION_AFTER_ROWS
  :: kills > 0 -> kills--; takeRows(s); die(s)
#endif
#ifdef MUTANT_POSITION_BEFORE_ROWS
  :: kills > 0 -> kills--; takePositions(s); die(s)
#endif
  fi;
  if
  :: up[s] && IS_ARMED_AT(s, o) && fence[o] == round -> answerFence(s)
  :: up[s] && IS_ARMED_AT(s, o) && kills > 0 -> kills--; die(s)
  :: !up[s] || !IS_ARMED_AT(s, o) || fence[o] != round
  fi;
  o = 0
}

#define IS_GIVEN_AWAY(s) (rolledBack -> IS_TARGET(s) : !IS_TARGET(s))
#ifdef MUTANT_CLEANUP_BEFORE_GRACE_IS_OVER
#define IS_TO_DROP(s) ((dropping && IS_TARGET(s)) || (cleaning && IS_GIVEN_AWAY(s)) || (epoch > 1 && !IS_TARGET(s)))
#else
#define IS_TO_DROP(s) ((dropping && IS_TARGET(s)) || (cleaning && IS_GIVEN_AWAY(s)))
#endif

inline drop(s) {
  d_step {
    file[s] = dropped;
    armed[s] = 0;
    told[s] = 0;
    r = 0;
    do
    :: r < 4 && SHARD(r) == s -> pos[r] = NONE; rows[r] = 0; damaged[r] = 0; r++
    :: r < 4 && SHARD(r) != s -> r++
    :: else -> break
    od;
    r = 0;
    if :: SHARD(2) == s -> forgetSlice(2) :: else fi;
    if :: SHARD(3) == s -> forgetSlice(3) :: else fi
  }
}

proctype Shard(byte s) {
end_of_work:
  do
  /* CREATE_SHARD carries the table as it was when the reshard began. */
  :: atomic { up[s] && file[s] == absent ->
#ifdef AGAINST_LOG
       if :: SHARD(2) == s -> pos[2] = 0 :: else fi;
       if :: SHARD(3) == s -> pos[3] = 0 :: else fi;
       file[s] = applying
#else
       file[s] = partial
#endif
     }
  /* Shards follow the catalog: section 5. */
  :: atomic { up[s] && (file[s] == partial || file[s] == applying) && version[s] < catalog ->
       version[s] = catalog }
  :: atomic { up[s] && file[s] == partial && CAN_FETCH(2, s) -> fetch(2) }
  :: atomic { up[s] && file[s] == partial && CAN_FETCH(3, s) -> fetch(3) }
  :: atomic { up[s] && file[s] == partial && fetched[2] && SHARD(2) == s && KNOWS_COLUMNS(2, s) -> install(2, s) }
  :: atomic { up[s] && file[s] == partial && fetched[3] && SHARD(3) == s && KNOWS_COLUMNS(3, s) -> install(3, s) }
  :: atomic { up[s] && file[s] == partial && HAS_COPIED(s) ->
       file[s] = applying;
#if defined(POWER) && !defined(MUTANT_COPY_NOT_SYNCED)
       sync(s)
#endif
     }
  :: atomic { up[s] && IS_TARGET(s) && file[s] == applying && copied[s] != repaired[s] + 1 ->
       copied[s] = repaired[s] + 1 }
#if REPAIRS > 0
  :: atomic { up[s] && (file[s] == partial || file[s] == applying) && IS_CONCERNED(s) && HAS_TO_REPAIR(s) ->
       beginRepair(s) }
#endif
  /* VERIFY_SHARD: an applier looks at a fence only when it was armed before. */
  :: atomic { up[s] && file[s] == applying && round != 0 && armed[s] != round ->
       armed[s] = round;
       told[s] = round }
  :: atomic { up[s] && file[s] == applying && NEXT(s) < end && !MUST_WAIT(s) -> applyNext(s) }
  :: atomic { up[s] && IS_TO_DROP(s) && file[s] != dropped -> drop(s) }
  :: atomic { up[s] && kills > 0 && !HAS_ENDED ->
       kills--;
       die(s);
#ifdef POWER
       if :: losePower(s) :: true fi
#endif
     }
#ifdef LOSS
  /* The disk of a new owner is gone, and its node with it. */
  :: atomic { phase == switching && !cleaning && !isLost && owner[s] == ACTIVE && file[s] == applying ->
       isLost = 1;
       die(s);
       file[s] = absent }
  :: atomic { !up[s] && !(isLost && file[s] == absent) -> up[s] = 1 }
#else
  :: atomic { !up[s] -> up[s] = 1 }
#endif
  od
}
