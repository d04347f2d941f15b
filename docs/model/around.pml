/* Writers, the provisioner, readers, and what goes wrong that is nobody's step. */

inline append(what) { fence[end] = what; end++ }

/* Writers know the log and the catalog, and no shards: there is nothing of a reshard here. I5 */
proctype Writer() {
end_of_work:
  do
  :: atomic { writes < WRITES ->
       if
       :: written[0] = written[0] | BIT(end)
       :: writes > 0 -> written[1] = written[1] | BIT(end)  /* the first is in 0: the two are alike */
       fi;
       if
       :: catalog == 2 -> wide = wide | BIT(end)
       :: true
       fi;
       writes++;
       append(0) }
#if ALTERATIONS > 0
  :: atomic { catalog == 1 -> catalog = 2 }
#endif
  od
}

/* A fence stands once in the log, or again when the provisioner died before it had said so. */
proctype Provisioner() {
end_of_work:
  do
  :: atomic { fencesWritten < fencesIssued -> fencesWritten = fencesIssued; append(fencesIssued) }
  :: atomic { fencesWritten > 0 && writtenAgain < AGAIN -> writtenAgain++; append(fencesWritten) }
  od
}

/* A difference that copy or replay would have made if they were wrong, and that verify is there for.
   It comes before the fence of a verify: what comes behind it is a matter of the next verify. */
proctype Misfortune() {
end_of_work:
  do
  :: atomic { damages > 0 && IS_BEFORE_SWITCH && round == 0 && HELD(2) && !damaged[2] -> damages--; damaged[2] = 1 }
  :: atomic { damages > 0 && IS_BEFORE_SWITCH && round == 0 && HELD(3) && !damaged[3] -> damages--; damaged[3] = 1 }
#ifdef AGAINST_LOG
  :: atomic { damages > 0 && IS_BEFORE_SWITCH && round == 0 && !damaged[0] -> damages--; damaged[0] = 1 }
#endif
  :: false
  od
}

#ifdef READER
/*
 * A session of a router: it follows the topology late, asks the owner by the epoch that it knows, and
 * waits for what it has seen. STALE_TOPOLOGY makes it look again. I2
 */
bit ofTargets;
byte seen[2] = 0;
#define ASKED(v) (ofTargets -> TARGET(v) : SOURCE(v))
#define ANSWERS(v) (up[SHARD(ASKED(v))] && file[SHARD(ASKED(v))] == applying)

inline read(v) {
  d_step {
    assert(IS_PREFIX(ASKED(v)) && !damaged[ASKED(v)]);
    assert(pos[ASKED(v)] >= seen[v]);
    seen[v] = pos[ASKED(v)]
  }
}

#ifdef MUTANT_READ_WITHOUT_POSITION
#define WAITED(v) true
#else
#define WAITED(v) (pos[ASKED(v)] >= seen[v])
#endif

proctype Reader() {
end_of_work:
  do
  :: atomic { ofTargets != (owner[2] == ACTIVE) -> ofTargets = (owner[2] == ACTIVE) }
  :: atomic { ANSWERS(0) && pos[ASKED(0)] != seen[0] && WAITED(0) -> read(0) }
  :: atomic { ANSWERS(1) && pos[ASKED(1)] != seen[1] && WAITED(1) -> read(1) }
  od
}
#endif

#ifdef MUTANT_STALE_OWNER_WRITES
/* Without the lock on the data directory a process that was replaced could wake up and commit once. */
proctype Zombie() {
end_of_work:
  atomic { zombie != NONE && up[zombie] && file[zombie] == applying && zombieNext < end ->
    o = zombieNext;
    r = 0;
    do
    :: r < 4 && SHARD(r) == zombie -> rows[r] = rows[r] | (written[VIRTUAL(r)] & BIT(o)); pos[r] = o + 1; r++
    :: r < 4 && SHARD(r) != zombie -> r++
    :: else -> break
    od;
    r = 0;
    o = 0
  }
}
#endif
