package dev.segue.compare;

import static dev.segue.compare.Figures.a;
import static dev.segue.compare.Figures.begin;
import static dev.segue.compare.Figures.bytes;
import static dev.segue.compare.Figures.count;
import static dev.segue.compare.Figures.counted;
import static dev.segue.compare.Figures.list;
import static dev.segue.compare.Figures.percent;
import static dev.segue.compare.Figures.take;
import static dev.segue.compare.Figures.time;
import static dev.segue.compare.Figures.times;

import dev.segue.compare.Facts.Ranked;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What may be said of the figures of one point, in this order: of the verdicts, the first that
 * applies; of the others, each that does.
 */
@SuppressWarnings("ImmutableEnumChecker") // functions without a state
enum Rule {
  NO_MODEL_IS_RIGHT(Part.VERDICT, Rule::noModelIsRight),
  ONLY_ONE_MODEL(Part.VERDICT, Rule::onlyOneModel),
  CLEAR_WINNER(Part.VERDICT, Rule::clearWinner),
  NO_CLEAR_WINNER(Part.VERDICT, Rule::noClearWinner),

  CHOICE_AMONG_EQUALS(Part.BECAUSE, Rule::choiceAmongEquals),
  JOBS_WAIT(Part.BECAUSE, Rule::jobsWait),
  JOBS_COMPUTE(Part.BECAUSE, Rule::jobsCompute),
  JOBS_DO_BOTH(Part.BECAUSE, Rule::jobsDoBoth),
  DISTANCE_TO_THE_LIMIT(Part.BECAUSE, Rule::distanceToTheLimit),
  JOBS_ARE_TINY(Part.BECAUSE, Rule::jobsAreTiny),
  MODELS_LEFT_OUT(Part.BECAUSE, Rule::modelsLeftOut),
  NOT_SETTLED(Part.BECAUSE, Rule::notSettled),
  FEW_REPETITIONS(Part.BECAUSE, Rule::fewRepetitions),

  MORE_WORKERS(Part.UNLESS, Rule::moreWorkers),
  LONGER_JOBS(Part.UNLESS, Rule::longerJobs),
  MORE_PROCESSORS(Part.UNLESS, Rule::moreProcessors),
  MORE_MACHINES(Part.UNLESS, Rule::moreMachines),
  JOBS_THAT_COMPUTE(Part.UNLESS, Rule::jobsThatCompute),
  SHARED_DATA(Part.UNLESS, Rule::sharedData),
  JOBS_THAT_CRASH(Part.UNLESS, Rule::jobsThatCrash),

  WAITS_ADD_UP(Part.TRAP, Rule::waitsAddUp),
  THREADS_COST_MEMORY(Part.TRAP, Rule::threadsCostMemory),
  POOL_HAS_A_SIZE(Part.TRAP, Rule::poolHasASize),
  NOTHING_LIMITS_THEM(Part.TRAP, Rule::nothingLimitsThem),
  LOOP_IS_HELD(Part.TRAP, Rule::loopIsHeld),
  LOOP_CAN_BE_HELD(Part.TRAP, Rule::loopCanBeHeld),
  PROCESSES_COPY(Part.TRAP, Rule::processesCopy),
  CLUSTERS_REPEAT(Part.TRAP, Rule::clustersRepeat);

  /** Which part of the reason a rule is about. */
  enum Part {
    /** The model to take, and by how much. */
    VERDICT,
    /** Why. */
    BECAUSE,
    /** What would change the answer. */
    UNLESS,
    /** What to beware of with the runner-up. */
    TRAP
  }

  private static final int FEW = 3;
  private static final double FAR = 1.2;
  private static final double TINY = 20_000;

  /** The models under which several jobs may change the same data at the same time. */
  private static final Set<Model> SHARING =
      EnumSet.of(Model.THREADS, Model.THREAD_POOL, Model.VIRTUAL_THREADS);

  private static final Set<Model> ONE_PROCESSOR = EnumSet.of(Model.SYNC, Model.EVENT_LOOP);

  private final Part part;
  private final Function<Facts, Optional<String>> says;

  Rule(Part part, Function<Facts, Optional<String>> says) {
    this.part = part;
    this.says = says;
  }

  Part part() {
    return part;
  }

  /** What is to be said, if it applies. */
  Optional<String> says(Facts facts) {
    return says.apply(facts);
  }

  private static Optional<String> when(boolean applies, String text) {
    return applies ? Optional.of(text) : Optional.empty();
  }

  // --- the verdict

  private static Optional<String> noModelIsRight(Facts facts) {
    return when(
        facts.ranking().isEmpty(),
        facts.point().results().isEmpty()
            ? "Nothing was measured."
            : "No model can be recommended: none of them ran the jobs correctly.");
  }

  private static Optional<String> onlyOneModel(Facts facts) {
    if (facts.ranking().size() != 1) {
      return Optional.empty();
    }
    var only = facts.ranking().getFirst();
    var time = time(only.wall().median());
    return Optional.of(
        facts.out() == 0
            ? "Only one model was measured: " + a(only.model()) + ", " + time + "."
            : begin(take(only.model()))
                + " ("
                + time
                + "): no other model ran the jobs correctly.");
  }

  /** The first is faster than the second beyond chance. */
  private static Optional<String> clearWinner(Facts facts) {
    if (facts.tied().size() != 1) {
      return Optional.empty();
    }
    var best = facts.tied().getFirst();
    var next = facts.runnerUp().orElseThrow();
    return Optional.of(
        "%s: %s, against %s with the next best, %s. That is %s."
            .formatted(
                begin(take(best.model())),
                time(best.wall().median()),
                time(next.wall().median()),
                a(next.model()),
                faster(next.slowerThan(best))));
  }

  private static String faster(double factor) {
    return factor < 1.5 ? percent(1 - 1 / factor) + " less time" : times(factor) + " as fast";
  }

  private static Optional<String> noClearWinner(Facts facts) {
    var best = facts.best().orElseThrow();
    return Optional.of(
        "No clear winner: these times do not tell which of %s is the fastest (%s).%s We would %s."
            .formatted(
                list(facts.tied().stream().map(each -> a(each.model())).toList()),
                from(facts.tied()),
                aheadOf(best, facts).map(ahead -> " " + begin(ahead)).orElse(""),
                take(best.model())));
  }

  /** That another has a far lower median than one of those that are as fast as any. */
  static Optional<String> aheadOf(Ranked one, Facts facts) {
    var first = facts.tied().getFirst();
    return when(
        one.slowerThan(first) >= FAR,
        "the median of %s is %s below that of %s, but not in enough repetitions: that may be chance."
            .formatted(a(first.model()), percent(1 - 1 / one.slowerThan(first)), a(one.model())));
  }

  /** From the first to the last, as {@code 24 ms to 27 ms}. */
  private static String from(List<Ranked> tied) {
    var first = time(tied.getFirst().wall().median());
    var last = time(tied.getLast().wall().median());
    return first.equals(last) ? first : first + " to " + last;
  }

  // --- why

  /** Of those that are equally fast the simplest, unless another costs far less. */
  private static Optional<String> choiceAmongEquals(Facts facts) {
    if (facts.tied().size() < 2) {
      return Optional.empty();
    }
    var best = facts.best().orElseThrow();
    var simplest = facts.simplest().orElseThrow();
    var dearer = best.equals(simplest) ? Optional.<String>empty() : facts.dearer(simplest);
    return Optional.of(
        dearer
            .map(what ->
                "%s needs far less %s than %s: %s against %s."
                    .formatted(
                        begin(a(best.model())),
                        what,
                        a(simplest.model()),
                        need(best, what),
                        need(simplest, what)))
            .orElse(
                "They differ by less than %s, or by chance, so the simplest is the best: %s."
                    .formatted(percent(Facts.NOTICEABLE - 1), a(best.model()))));
  }

  private static String need(Ranked one, String what) {
    return what.equals("memory") ? bytes(one.memory().median()) : time(one.processor().median());
  }

  private static Optional<String> jobsWait(Facts facts) {
    return when(
        facts.jobsWait(),
        "The jobs wait for %s of their time and hardly use a processor, so many can wait at once."
            .formatted(percent(facts.waiting())));
  }

  private static Optional<String> jobsCompute(Facts facts) {
    return when(
        facts.jobsCompute(),
        "The jobs compute for %s of their time, so what counts is the number of processors: there %s."
            .formatted(
                percent(1 - facts.waiting()),
                facts.report().machine().processors() == 1
                    ? "is one"
                    : "are " + facts.report().machine().processors()));
  }

  private static Optional<String> jobsDoBoth(Facts facts) {
    return when(
        facts.waiting() > 0.2 && facts.waiting() < 0.8,
        "The jobs wait for %s of their time and compute for the rest: while some wait, others can"
                .formatted(percent(facts.waiting()))
            + " use the processors.");
  }

  /** Waits: the longest job. Computing: the processors. */
  private static Optional<String> distanceToTheLimit(Facts facts) {
    var limit = facts.limit().orElse(null);
    var best = facts.best().orElse(null);
    if (limit == null || best == null) {
      return Optional.empty();
    }
    double factor = best.wall().median() / limit.nanos();
    return Optional.of(
        "No model can take less than %s, %s. %s took %s: %s."
            .formatted(
                time(limit.nanos()),
                limit.what(),
                begin(a(best.model())),
                time(best.wall().median()),
                factor < 1.1 ? "there is hardly anything left to gain" : times(factor) + " that"));
  }

  /** A job is so short that handing it over costs as much as doing it. */
  private static Optional<String> jobsAreTiny(Facts facts) {
    var profile = facts.profile();
    if (profile == null || profile.median() >= TINY || facts.jobsWait()) {
      return Optional.empty();
    }
    var costs =
        facts.ranking().stream()
            .map(Ranked::model)
            .filter(model -> facts.overhead(model).isPresent())
            .map(model -> time(facts.overhead(model).orElseThrow()) + " for " + a(model))
            .toList();
    return when(
        !costs.isEmpty(),
        "A job takes only %s. To hand one over costs as much processor time or more: %s."
            .formatted(time(profile.median()), list(costs)));
  }

  private static Optional<String> modelsLeftOut(Facts facts) {
    return when(
        facts.out() > 0 && !facts.ranking().isEmpty(),
        facts.out() == 1
            ? "One model is left out: it did not run the jobs correctly, as its finding says."
            : facts.out()
                + " models are left out: they did not run the jobs correctly, as their findings say.");
  }

  private static Optional<String> notSettled(Facts facts) {
    var unsettled =
        facts.ranking().stream()
            .filter(each -> !each.result().steady())
            .map(each -> a(each.model()))
            .toList();
    return when(
        !unsettled.isEmpty(),
        "The times had not settled when the warm-up ended (%s): a longer warm-up tells more."
            .formatted(list(unsettled)));
  }

  private static Optional<String> fewRepetitions(Facts facts) {
    int fewest =
        facts.ranking().stream()
            .mapToInt(each -> each.result().repetitions().size())
            .min()
            .orElse(FEW);
    return when(
        fewest < FEW && facts.ranking().size() > 1,
        "With so few repetitions (%d), some of the difference may be chance.".formatted(fewest));
  }

  // --- what would change the answer

  /** Jobs that wait stand in line for the workers of a pool. */
  private static Optional<String> moreWorkers(Facts facts) {
    var profile = facts.profile();
    int workers = facts.report().workers();
    boolean inLine = profile != null && profile.jobs() > workers && profile.waiting() > 0.5;
    boolean fast = facts.tied().stream().anyMatch(each -> each.model() == Model.THREAD_POOL);
    return when(
        inLine && !fast && facts.of(Model.THREAD_POOL).isPresent(),
        "More workers: only %s can wait at once in the thread pool, as it has %s."
            .formatted(counted(workers, "job"), counted(workers, "worker")));
  }

  /** The transfer's share of a job becomes smaller, until processes pay. */
  private static Optional<String> longerJobs(Facts facts) {
    int workers = Math.min(facts.report().workers(), facts.report().machine().processors());
    var processes = facts.of(Model.PROCESS_POOL).orElse(null);
    var best = facts.best().orElse(null);
    var cost = facts.overhead(Model.PROCESS_POOL).orElse(0.0);
    if (best == null
        || best.model() != Model.SYNC
        || processes == null
        || !facts.jobsCompute()
        || workers < 2
        || cost <= 0) {
      return Optional.empty();
    }
    return Optional.of(
        "Longer jobs: a process pool adds %s to each, so it should pay from about %s a job on."
            .formatted(time(cost), time(cost / (workers - 1))));
  }

  private static Optional<String> moreProcessors(Facts facts) {
    var best = facts.best().map(Ranked::model).orElse(Model.SYNC);
    return when(
        facts.jobsCompute() && !ONE_PROCESSOR.contains(best) && best != Model.CLUSTER,
        "A machine with more processors: the lead over one after the other grows with them.");
  }

  /** A cluster has the processors of several machines, and makes each job dearer. */
  private static Optional<String> moreMachines(Facts facts) {
    var best = facts.best().orElse(null);
    var cluster = facts.of(Model.CLUSTER).orElse(null);
    if (best == null || cluster == null) {
      return Optional.empty();
    } else if (best.equals(cluster)) {
      return Optional.of(
          "More executors: the cluster is faster with each, as long as there are jobs for all.");
    } else if (!facts.jobsCompute()) {
      return Optional.empty();
    }
    return Optional.of(
        "More processors than one machine has: only a cluster can use them. Here it took %s, %s%s."
            .formatted(
                time(cluster.wall().median()),
                against(cluster, best),
                facts
                    .overhead(Model.CLUSTER)
                    .map(cost -> ", and added " + time(cost) + " of processor time to each job")
                    .orElse("")));
  }

  /** An event loop uses one processor. */
  private static Optional<String> jobsThatCompute(Facts facts) {
    return when(
        facts.best().filter(best -> best.model() == Model.EVENT_LOOP).isPresent(),
        "Jobs that compute more: an event loop uses one processor, and runs one job at a time.");
  }

  /** Where jobs share data, an event loop needs no locks. */
  private static Optional<String> sharedData(Facts facts) {
    var best = facts.best().orElse(null);
    var loop = facts.of(Model.EVENT_LOOP).orElse(null);
    if (best == null || loop == null || facts.jobsCompute() || !SHARING.contains(best.model())) {
      return Optional.empty();
    }
    return Optional.of(
        "Jobs that change the same data: on an event loop nothing else runs between two waits, so"
            + " they need no locks. Here it took %s, %s."
                .formatted(time(loop.wall().median()), against(loop, best)));
  }

  /** Only a process can be stopped whatever it does. */
  private static Optional<String> jobsThatCrash(Facts facts) {
    var best = facts.best().orElse(null);
    var processes = facts.of(Model.PROCESS_POOL).orElse(null);
    if (best == null
        || processes == null
        || best.equals(processes)
        || best.model() == Model.CLUSTER) {
      return Optional.empty();
    }
    return Optional.of(
        "Jobs that can hang, crash or fill the memory: only a process can always be stopped. Here a"
            + " process pool took %s, %s."
                .formatted(time(processes.wall().median()), against(processes, best)));
  }

  private static String against(Ranked one, Ranked best) {
    double factor = one.slowerThan(best);
    return factor < Facts.NOTICEABLE ? "about the same" : times(factor) + " as long";
  }

  // --- the trap with the runner-up

  private static boolean isRunnerUp(Facts facts, Model model) {
    return facts.runnerUp().filter(next -> next.model() == model).isPresent();
  }

  private static Optional<String> waitsAddUp(Facts facts) {
    return when(
        isRunnerUp(facts, Model.SYNC),
        facts.waiting() > 0.2
            ? "One after the other, waits add up: twice as many jobs take twice as long."
            : "One after the other, one processor works and the others do nothing.");
  }

  private static Optional<String> threadsCostMemory(Facts facts) {
    return when(
        isRunnerUp(facts, Model.THREADS),
        "A thread for each job: %s threads at the same time here%s. Ten times as many jobs are ten"
                .formatted(
                    count(facts.threads(Model.THREADS)),
                    facts
                        .memoryOfJob(Model.THREADS)
                        .map(each -> ", and " + bytes(each) + " of memory for each job")
                        .orElse(""))
            + " times as many threads, until the system allows no more.");
  }

  private static Optional<String> poolHasASize(Facts facts) {
    return when(
        isRunnerUp(facts, Model.THREAD_POOL),
        "A thread pool has a size, and the right one depends on the jobs (%d here). Jobs beyond it"
                .formatted(facts.report().workers())
            + " wait in line, and jobs that wait for others of the same pool can wait forever.");
  }

  private static Optional<String> nothingLimitsThem(Facts facts) {
    var profile = facts.profile();
    return when(
        isRunnerUp(facts, Model.VIRTUAL_THREADS),
        "Nothing limits virtual threads: a database or a server that the jobs call gets %s at"
                .formatted(
                    profile == null || profile.jobs() == 1
                        ? "as many calls as there are jobs,"
                        : "all " + count(profile.jobs()) + " calls")
            + " once. Limit them with a semaphore. Data that they share needs locks.");
  }

  /** It was: the finding names the line. */
  private static Optional<String> loopIsHeld(Facts facts) {
    return isRunnerUp(facts, Model.EVENT_LOOP)
        ? facts
            .found(Model.EVENT_LOOP, Finding.Kind.STALL)
            .map(stall ->
                "A job held the event loop"
                    + (stall.at() == null ? "" : ", at " + stall.at())
                    + ": meanwhile all other jobs had to wait.")
        : Optional.empty();
  }

  private static Optional<String> loopCanBeHeld(Facts facts) {
    return when(
        isRunnerUp(facts, Model.EVENT_LOOP)
            && facts.found(Model.EVENT_LOOP, Finding.Kind.STALL).isEmpty(),
        "On an event loop, one job that computes for long, or reads a large file, holds up all"
            + " others. None did here.");
  }

  private static Optional<String> processesCopy(Facts facts) {
    var next = facts.runnerUp().orElse(null);
    if (next == null || next.model() != Model.PROCESS_POOL) {
      return Optional.empty();
    }
    var profile = facts.profile();
    var size =
        profile == null || profile.bytes() == 0 ? "" : " (" + bytes(profile.bytes()) + " a job)";
    return Optional.of(
        "What a process works on is copied%s, and what it changes stays there. Its workers took %s to"
                .formatted(size, time(next.result().startUp()))
            + " start and %s of memory.".formatted(bytes(next.memory().median())));
  }

  private static Optional<String> clustersRepeat(Facts facts) {
    return facts
        .runnerUp()
        .filter(next -> next.model() == Model.CLUSTER)
        .map(next ->
            "A cluster runs a job again if the machine that ran it is lost, so a job may happen"
                + " twice. It took %s to start here, and each job and its result cross the network."
                    .formatted(time(next.result().startUp())));
  }
}
