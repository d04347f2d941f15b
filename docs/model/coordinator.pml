/*
 * The coordinator in streams-app: decide and apply are one step, because its records and its state
 * are one Kafka transaction. It may be silent for any time, which is all that its own death does.
 */

inline setOwners(ofSources, ofTargets) {
  d_step {
    owner[0] = ofSources;
    owner[1] = (IS_TARGET(1) -> ofTargets : ofSources);
    owner[2] = ofTargets
  }
}

inline closeRound() {
  d_step {
    round = 0;
    fencesWanted = 0;
    told[0] = 0;
    told[1] = 0;
    told[2] = 0;
    k = 0;
    do
    :: k < 4 * PLACES -> has[k] = 0; digest[k] = 0; digestVersion[k] = 0; k++
    :: else -> break
    od;
    k = 0
  }
}

/* "When something fails": targets are dropped, and the topology is what it was. I6 */
inline endBeforeSwitch(how) {
  closeRound();
  d_step {
    paused = 0;
    verified = 0;
    switchAsked = 0;
    copyAgain = 0;
    dropping = 1;
    phase = how
  }
  setOwners(ACTIVE, GONE);
  assert(epoch == 1 && ALL_SOURCES(IS_THERE))
}

/* One topology record. What verify has to make sure of is asserted here: I4, and so I1. */
inline cutOver() {
  closeRound();
  setOwners(TO_BE_DELETED, ACTIVE);
  d_step {
    epoch++;
    phase = switching;
    assert(one_owner_is_there);
    assert(HELD(2) && IS_PREFIX(2) && !damaged[2]);
    assert(HELD(3) && IS_PREFIX(3) && !damaged[3])
  }
}

/* VERIFY TABLE ... AGAINST LOG: the targets were made from the log alone, and go again. */
inline prove() {
  closeRound();
  assert(IS_PREFIX(0) && IS_PREFIX(1) && !damaged[0] && !damaged[1]);
  assert(epoch == 1 && one_owner_is_there);
  dropping = 1;
  phase = complete;
  setOwners(ACTIVE, GONE)
}

#define PAIR(v, k) (has[SOURCE(v) * PLACES + k] && has[TARGET(v) * PLACES + k])
#define DIGEST(r) digest[(r) * PLACES + k]
#define OF_VERSION(r) digestVersion[(r) * PLACES + k]

/* Each virtual shard by the latest place at which both sides have told; of one version if there is one. */
inline compare() {
  d_step {
    isComplete = 1;
    isComparable = 1;
    differing = 0;
    v = 0;
    do
    :: v < 2 ->
       isPair = 0;
       o = 0;               /* 1: a pair of one version was found */
       k = PLACES;
       do
       :: k > 0 && !o ->
          k--;
          if
          :: PAIR(v, k) ->
             isPair = 1;
             if
             :: OF_VERSION(SOURCE(v)) == OF_VERSION(TARGET(v)) ->
                o = 1;
                differing = differing | (DIGEST(SOURCE(v)) != DIGEST(TARGET(v)) -> BIT(v) : 0)
             :: else
             fi
          :: else
          fi
       :: else -> break
       od;
       isComplete = isComplete && isPair;
       isComparable = isComparable && o;
       v++
    :: else -> break
    od;
    v = 0; k = 0; o = 0; isPair = 0;
#ifdef MUTANT_COMPARE_WHATEVER_THE_VERSION
    differing = differing | (isComplete && !isComparable);
    isComparable = 1;
#endif
#ifdef MUTANT_FENCE_MISSED
    isComplete = 1;
    isComparable = 1;
#endif
  }
}

inline forgetComparison() { isComplete = 0; isComparable = 0; differing = 0 }

/* A difference is recorded before anything else, and leads to failure or to a repair. */
inline onDifference() {
  assert(damaged[0] || damaged[1] || damaged[2] || damaged[3]);
  if
  :: repairs < REPAIRS ->
     closeRound();
     repairs++;
     copyAgain = differing;
     phase = copying                      /* [verifying | repair | copying] */
  :: else -> endBeforeSwitch(failed)      /* [verifying | digests differ | failed] */
  fi
}

inline judge() {
  compare();
  if
  :: isComplete && differing != 0 -> onDifference(); forgetComparison()
  :: isComplete && differing == 0 && isComparable ->
     forgetComparison();
     if
#if defined(AGAINST_LOG)
     :: prove()                           /* [verifying | proved | complete] */
#elif defined(MANUAL)
     :: !switchAsked -> closeRound(); verified = attempt   /* [verifying | held | verifying] */
     :: switchAsked -> cutOver()
     :: switchAsked -> closeRound(); phase = replaying
#else
     :: cutOver()                         /* [verifying | digests equal | switching] */
     :: closeRound(); phase = replaying   /* [verifying | fell behind | replaying] */
#endif
     fi
  :: isComplete && differing == 0 && !isComparable -> forgetComparison(); closeRound()
  :: else -> forgetComparison()
  fi
}

/* By what nodes report. Lag is a matter of patience alone: any. */
#define IS_MADE(s) (file[s] != absent)
#define HAS_TOLD_COPIED(s) (copied[s] >= 1 && (repairs == 0 || !IS_CONCERNED(s) || copied[s] == repairs + 1))
#ifdef MUTANT_REPAIR_ANSWERED_BY_ANY_COPY
#define IS_COPIED(s) (copied[s] >= 1)
#else
#define IS_COPIED(s) HAS_TOLD_COPIED(s)
#endif
#define IS_LEVEL(s) (file[s] == applying && version[s] == catalog)
#define IS_ARMED(s) (told[s] == round)
#ifdef MUTANT_CLEANUP_BEFORE_OWNERS_SERVE
#define SERVES(s) true
#else
#define SERVES(s) (owner[s] != ACTIVE || (up[s] && file[s] == applying))
#endif
#define HAS_LEFT(s) (!IS_GIVEN_AWAY(s) || file[s] == dropped || !up[s])
#define ALL(is) (is(0) && is(1) && is(2))
#define IS_WHOLE ((PAIR(0, 0) || PAIR(0, PLACES - 1)) && (PAIR(1, 0) || PAIR(1, PLACES - 1)))
#ifdef MUTANT_FENCE_MISSED
#define IS_JUDGED (fencesWritten == round)
#else
#define IS_JUDGED IS_WHOLE
#endif
/* How long anyone waits: until nothing else can happen, or, where only safety is asked for, not at all. */
#ifdef LIVENESS
#define PATIENCE_ENDS timeout
#else
#define PATIENCE_ENDS true
#endif

proctype Coordinator() {
end_of_work:
  do
  /* [queued | targets created | copying] */
  :: atomic { phase == queued && !paused && ALL_TARGETS(IS_MADE) -> phase = copying }
  /* [copying | targets copied | replaying] */
  :: atomic { phase == copying && !paused && ALL_TARGETS(IS_COPIED) -> phase = replaying }
  /* [replaying | caught up | verifying] */
  :: atomic { phase == replaying && !paused && ALL_TARGETS(IS_LEVEL) -> phase = verifying }
#ifdef MUTANT_SWITCH_WITHOUT_VERIFY
  :: atomic { phase == replaying && !paused && ALL_TARGETS(IS_LEVEL) -> cutOver() }
#endif
  /* A whole verify has a fence of its own. */
  :: atomic { phase == verifying && !paused && round == 0 && !WAITS_TO_BE_TOLD && attempt - verified < ROUNDS ->
       attempt++;
       round = attempt }
  :: atomic { phase == verifying && !paused && round == 0 && !WAITS_TO_BE_TOLD && attempt - verified == ROUNDS ->
       endBeforeSwitch(failed) }          /* [verifying | fault | failed] */
#ifdef MUTANT_SWITCH_BY_AN_EARLIER_VERIFY
  :: atomic { phase == verifying && verified > 0 && switchAsked && round == 0 -> cutOver() }
#endif
  /* Every source and target is told which fence to expect; then it is written. */
  :: atomic { round != 0 && !fencesWanted && ALL(IS_ARMED) ->
       fencesWanted = 1;
       fencesIssued = round;
       fenceVersion[round] = catalog }
  :: atomic { round != 0 && IS_JUDGED -> judge() }
#ifndef MUTANT_VERIFY_WITHOUT_PATIENCE
  /* Stuck: an answer was lost with a process, or is late. The round is void. */
  :: atomic { round != 0 && PATIENCE_ENDS -> closeRound() }
#endif
#ifdef FAULT
  /* A node is taken for lost, rightly or not.
     [queued | fault | failed] [copying | fault | failed] [replaying | fault | failed] */
  :: atomic { IS_BEFORE_SWITCH -> endBeforeSwitch(failed) }
#endif
  /* Grace is over, and whoever owns the table serves; from here on there is no way back. */
  :: atomic { phase == switching && !cleaning && ALL(SERVES) -> cleaning = 1 }
  /* [switching | sources dropped | complete] */
  :: atomic { phase == switching && cleaning && ALL(HAS_LEFT) ->
       if
       /* [switching | targets dropped | rolled back] */
       :: rolledBack -> phase = rolled_back; setOwners(ACTIVE, GONE)
       :: else -> phase = complete; setOwners(GONE, ACTIVE)
       fi;
       assert(one_owner_is_there) }
  od
}

/* ---- what an operator asks for; design of the controls: each verb says no rather than half ---- */

#define CAN_TAKE_BACK(s) (file[s] == applying && version[s] == catalog)

proctype Operator() {
end_of_work:
  do
#if PAUSES > 0
  :: atomic { IS_BEFORE_SWITCH && !paused && pauses < PAUSES -> paused = 1; pauses++; closeRound() }
  :: atomic { paused -> paused = 0 }
#endif
#ifdef MANUAL
  :: atomic { IS_BEFORE_SWITCH && !switchAsked -> switchAsked = 1 }
#endif
#ifdef CANCEL
  /* [queued | cancel asked | cancelled] [copying | cancel asked | cancelled]
     [replaying | cancel asked | cancelled] [verifying | cancel asked | cancelled] */
  :: atomic { IS_BEFORE_SWITCH -> endBeforeSwitch(cancelled) }
#endif
#ifdef COMPLETE
  :: atomic { phase == switching && !cleaning -> cleaning = 1 }
#endif
#ifdef ROLLBACK
  /* [switching | rollback asked | switching] */
  :: atomic { phase == switching && !cleaning && !rolledBack && ALL_SOURCES(CAN_TAKE_BACK) ->
       rolledBack = 1;
       epoch++;
       setOwners(ACTIVE, TO_BE_DELETED);
       assert(one_owner_is_there) }
#endif
  :: false
  od
}
