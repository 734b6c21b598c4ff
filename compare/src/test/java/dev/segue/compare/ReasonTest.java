package dev.segue.compare;

import static dev.segue.compare.Model.EVENT_LOOP;
import static dev.segue.compare.Model.PROCESS_POOL;
import static dev.segue.compare.Model.SYNC;
import static dev.segue.compare.Model.THREADS;
import static dev.segue.compare.Model.THREAD_POOL;
import static dev.segue.compare.Model.VIRTUAL_THREADS;
import static dev.segue.compare.Reports.COMPUTES;
import static dev.segue.compare.Reports.MS;
import static dev.segue.compare.Reports.TINY;
import static dev.segue.compare.Reports.WAITS;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each rule on constructed measurements, and whole reasons. */
class ReasonTest {
  private static final String LINE = "MyJob.work(MyJob.java:12)";

  private static Optional<String> says(Rule rule, Reports.Of point) {
    var report = point.report();
    return rule.says(new Facts(report, report.points().getFirst()));
  }

  private static Reason reason(Reports.Of point) {
    return Reason.of(point.report());
  }

  private static String text(Reason reason) {
    return Stream.of(List.of(reason.verdict()), reason.because(), reason.unless(), reason.traps())
        .flatMap(List::stream)
        .collect(Collectors.joining(" "));
  }

  private static Reports.Of waits() {
    return Reports.of(WAITS)
        .with(SYNC, 2_000)
        .with(THREADS, 30)
        .with(THREAD_POOL, 260)
        .with(VIRTUAL_THREADS, 24)
        .with(EVENT_LOOP, 26)
        .with(PROCESS_POOL, 280, 300, 500);
  }

  private static Reports.Of computes() {
    return Reports.of(COMPUTES)
        .with(SYNC, 2_000, 2_000, 60)
        .with(THREAD_POOL, 510, 2_010, 60)
        .with(EVENT_LOOP, 2_010, 2_010, 60)
        .with(PROCESS_POOL, 560, 2_200, 300);
  }

  // --- the verdict

  @Test
  void noModelIsRecommendedIfAllAreWrong() {
    var point =
        Reports.of(WAITS)
            .with(THREADS, 30)
            .with(new ModelResult(PROCESS_POOL, MS, 0, true, List.of()))
            .found(THREADS, Finding.Kind.WRONG_RESULT, null)
            .found(PROCESS_POOL, Finding.Kind.NOT_SERIALIZABLE, null);
    assertThat(reason(point).model()).isNull();
    assertThat(reason(point).verdict())
        .isEqualTo("No model can be recommended: none of them ran the jobs correctly.");
    assertThat(reason(point).unless()).isEmpty();
    assertThat(reason(point).traps()).isEmpty();
  }

  @Test
  void nothingIsSaidOfNothing() {
    assertThat(Reason.of(Reports.report()).verdict()).isEqualTo("Nothing was measured.");
    assertThat(reason(Reports.of(null)).verdict()).isEqualTo("Nothing was measured.");
  }

  @Test
  void theOnlyModelThatWasMeasuredIsNoChoice() {
    assertThat(reason(Reports.of(WAITS).with(EVENT_LOOP, 26)).verdict())
        .isEqualTo("Only one model was measured: an event loop, 26 ms.");
  }

  @Test
  void theOnlyModelThatIsRightIsTaken() {
    var point =
        Reports.of(WAITS)
            .with(THREADS, 30)
            .with(EVENT_LOOP, 26)
            .found(THREADS, Finding.Kind.WRONG_RESULT, null);
    assertThat(reason(point).verdict())
        .isEqualTo("Take an event loop (26 ms): no other model ran the jobs correctly.");
  }

  @Test
  void theClearWinnerIsNamedAndByHowMuch() {
    assertThat(reason(Reports.of(WAITS).with(THREAD_POOL, 100).with(VIRTUAL_THREADS, 25)).verdict())
        .isEqualTo(
            "Take virtual threads: 25 ms, against 100 ms with the next best, a thread pool."
                + " That is 4 times as fast.");
    assertThat(reason(Reports.of(WAITS).with(SYNC, 100).with(VIRTUAL_THREADS, 125)).verdict())
        .isEqualTo(
            "Run the jobs one after the other: 100 ms, against 125 ms with the next best, virtual"
                + " threads. That is 20 % less time.");
  }

  @Test
  void thatAMedianIsLowerIsSaidEvenIfItMayBeChance() {
    var point =
        Reports.of(WAITS)
            .withAll(SYNC, 1, 60, 30, 18, 40, 25, 39)
            .withAll(VIRTUAL_THREADS, 1, 60, 20, 29, 28, 15, 19);
    assertThat(reason(point).verdict())
        .isEqualTo(
            "No clear winner: these times do not tell which of virtual threads and one after the other is"
                + " the fastest (20 ms to 30 ms). The median of virtual threads is 33 % below that of"
                + " one after the other, but not in enough repetitions: that may be chance. We would run"
                + " the jobs one after the other.");
    var even = Reports.of(WAITS).with(SYNC, 20).with(VIRTUAL_THREADS, 40);
    assertThat(Reason.of(sweep(point.at("jobs", "2"), even.at("jobs", "1"))).because())
        .contains(
            "At 2 jobs, the median of virtual threads is 33 % below that of one after the other, but"
                + " not in enough repetitions: that may be chance.");
    assertThat(Reason.of(sweep(even.at("jobs", "1"), even.at("jobs", "2"))).because())
        .noneMatch(text -> text.contains("chance"));
  }

  @Test
  void oneIsNotSpokenOfAsMany() {
    var one = new JobProfile(1, 0.98, 20 * MS, 20 * MS, 20 * MS, 120);
    assertThat(says(Rule.NOTHING_LIMITS_THEM, second(one, VIRTUAL_THREADS)).orElseThrow())
        .contains("gets as many calls as there are jobs, at once");
    assertThat(Figures.counted(1, "other line")).isEqualTo("1 other line");
    assertThat(Figures.counted(2, "other line")).isEqualTo("2 other lines");
  }

  @Test
  void thereIsNoClearWinnerWhereTheRepetitionsDisagree() {
    var point =
        Reports.of(WAITS)
            .withAll(THREAD_POOL, 1, 60, 24, 30, 36, 25, 35)
            .withAll(VIRTUAL_THREADS, 1, 60, 32, 26, 27, 38, 37);
    assertThat(reason(point).model()).isEqualTo(VIRTUAL_THREADS);
    assertThat(reason(point).verdict())
        .isEqualTo(
            "No clear winner: these times do not tell which of a thread pool and virtual threads is the"
                + " fastest (30 ms to 32 ms). We would take virtual threads.");
  }

  /** The models take turns, so a busy machine slows the same repetition of both. */
  @Test
  void whatSlowsTheSameRepetitionOfBothHidesNoWinner() {
    var point =
        Reports.of(WAITS)
            .withAll(SYNC, 1, 60, 100, 210, 150, 310, 120)
            .withAll(VIRTUAL_THREADS, 1, 60, 80, 160, 125, 240, 96);
    assertThat(reason(point).verdict()).startsWith("Take virtual threads: 125 ms, against 150 ms");
  }

  @Test
  void thereIsNoClearWinnerIfNobodyWouldNoticeTheDifference() {
    var point = Reports.of(WAITS).with(THREAD_POOL, 100).with(SYNC, 103);
    assertThat(reason(point).model()).isEqualTo(SYNC);
    assertThat(reason(point).verdict()).startsWith("No clear winner");
  }

  // --- why

  @Test
  void amongEqualsTheSimplestIsTaken() {
    assertThat(
            says(
                Rule.CHOICE_AMONG_EQUALS, Reports.of(WAITS).with(THREADS, 25).with(EVENT_LOOP, 25)))
        .hasValue(
            "They differ by less than 5 %, or by chance, so the simplest is the best: a thread for"
                + " each job.");
    assertThat(says(Rule.CHOICE_AMONG_EQUALS, waits())).isEmpty();
  }

  @Test
  void amongEqualsTheOneThatNeedsFarLessMemoryIsTaken() {
    var point = Reports.of(WAITS).with(THREADS, 25, 5, 400).with(EVENT_LOOP, 25, 5, 80);
    assertThat(reason(point).model()).isEqualTo(EVENT_LOOP);
    assertThat(says(Rule.CHOICE_AMONG_EQUALS, point))
        .hasValue(
            "An event loop needs far less memory than a thread for each job: 80 MB against 400 MB.");
  }

  @Test
  void amongEqualsTheOneThatNeedsFarLessProcessorTimeIsTaken() {
    var point = Reports.of(WAITS).with(THREADS, 25, 50, 80).with(EVENT_LOOP, 25, 5, 80);
    assertThat(says(Rule.CHOICE_AMONG_EQUALS, point))
        .hasValueSatisfying(text ->
            assertThat(text).contains("far less processor time").contains("5 ms against 50"));
  }

  @Test
  void jobsThatWaitAreSaidTo() {
    assertThat(says(Rule.JOBS_WAIT, waits()).orElseThrow()).contains("wait for 98 %");
    assertThat(says(Rule.JOBS_WAIT, computes())).isEmpty();
  }

  @Test
  void jobsThatComputeAreSaidTo() {
    assertThat(says(Rule.JOBS_COMPUTE, computes()).orElseThrow())
        .contains("compute for 99 %")
        .contains("there are 4");
    assertThat(says(Rule.JOBS_COMPUTE, waits())).isEmpty();
  }

  @Test
  void jobsThatDoBothAreSaidTo() {
    var both = new JobProfile(100, 0.5, 20 * MS, 22 * MS, 2_000 * MS, 0);
    assertThat(says(Rule.JOBS_DO_BOTH, Reports.of(both)).orElseThrow()).contains("wait for 50 %");
    assertThat(says(Rule.JOBS_DO_BOTH, waits())).isEmpty();
    assertThat(says(Rule.JOBS_DO_BOTH, computes())).isEmpty();
    assertThat(says(Rule.JOBS_DO_BOTH, Reports.of(null))).isEmpty();
  }

  @Test
  void theLimitOfWaitsIsTheLongestJob() {
    assertThat(says(Rule.DISTANCE_TO_THE_LIMIT, waits()))
        .hasValue(
            "No model can take less than 22 ms, the time that the longest job takes. Virtual threads"
                + " took 24 ms: there is hardly anything left to gain.");
  }

  @Test
  void atARateNoModelIsDoneBeforeTheLastJobIsDue() {
    var report = Reports.atRate(Reports.of(WAITS).with(SYNC, 2_000).report(), 99);
    assertThat(Rule.DISTANCE_TO_THE_LIMIT.says(new Facts(report, report.points().getFirst())))
        .hasValueSatisfying(text ->
            assertThat(text).contains("less than 1 s, the time until the last job is due."));
  }

  @Test
  void aLongestJobThatAModelHasBeatenIsNoLimit() {
    var chance = new JobProfile(100, 0.98, 20 * MS, 52 * MS, 2_000 * MS, 120);
    assertThat(says(Rule.DISTANCE_TO_THE_LIMIT, Reports.of(chance).with(VIRTUAL_THREADS, 24)))
        .hasValueSatisfying(text ->
            assertThat(text)
                .contains("20 ms, the time that a job takes")
                .endsWith("took 24 ms: 1.20 times that."));
    assertThat(says(Rule.DISTANCE_TO_THE_LIMIT, Reports.of(chance).with(VIRTUAL_THREADS, 19)))
        .isEmpty();
  }

  @Test
  void theLimitOfComputingIsTheProcessors() {
    assertThat(says(Rule.DISTANCE_TO_THE_LIMIT, computes()))
        .hasValue(
            "No model can take less than 495 ms, the work divided by the processors. A thread pool took"
                + " 510 ms: there is hardly anything left to gain.");
  }

  @Test
  void tinyJobsCostMoreToHandOverThanToDo() {
    var point =
        Reports.of(TINY)
            .with(SYNC, 10, 10, 60)
            .with(THREAD_POOL, 20, 40, 60)
            .with(PROCESS_POOL, 500, 410, 300);
    assertThat(says(Rule.JOBS_ARE_TINY, point))
        .hasValue(
            "A job takes only 1 µs. To hand one over costs as much processor time or more: 3 µs for"
                + " a thread pool and 40 µs for a process pool.");
    assertThat(says(Rule.JOBS_ARE_TINY, computes())).isEmpty();
  }

  @Test
  void modelsThatAreLeftOutAreCountedAndNotNamed() {
    var point = waits().found(VIRTUAL_THREADS, Finding.Kind.WRONG_RESULT, null);
    assertThat(reason(point).model()).isEqualTo(EVENT_LOOP);
    assertThat(text(reason(point))).contains("One model is left out").doesNotContain("virtual");
    assertThat(says(Rule.MODELS_LEFT_OUT, waits())).isEmpty();
  }

  @Test
  void timesThatHadNotSettledAreSaid() {
    var unsettled =
        new ModelResult(
            SYNC, MS, 50, false, List.of(new Repetition(30 * MS, MS, MS, MS, MS, 5, MS)));
    assertThat(says(Rule.NOT_SETTLED, Reports.of(WAITS).with(unsettled)))
        .hasValueSatisfying(text -> assertThat(text).contains("(one after the other)"));
    assertThat(says(Rule.NOT_SETTLED, waits())).isEmpty();
  }

  @Test
  void fewRepetitionsAreSaid() {
    var point = Reports.of(WAITS).withAll(SYNC, 1, 60, 20, 21).withAll(THREADS, 1, 60, 40, 41);
    assertThat(says(Rule.FEW_REPETITIONS, point))
        .hasValueSatisfying(text -> assertThat(text).contains("(2)"));
    assertThat(says(Rule.FEW_REPETITIONS, waits())).isEmpty();
  }

  // --- what would change the answer

  @Test
  void moreWorkersHelpAPoolWhoseJobsWait() {
    assertThat(says(Rule.MORE_WORKERS, waits()))
        .hasValueSatisfying(text -> assertThat(text).contains("only 8 jobs can wait at once"));
    assertThat(says(Rule.MORE_WORKERS, computes())).isEmpty();
  }

  @Test
  void longerJobsMakeProcessesPay() {
    var point = Reports.of(TINY).with(SYNC, 10, 10, 60).with(PROCESS_POOL, 500, 310, 300);
    assertThat(says(Rule.LONGER_JOBS, point))
        .hasValue(
            "Longer jobs: a process pool adds 30 µs to each, so it should pay from about 10 µs a job"
                + " on.");
    assertThat(says(Rule.LONGER_JOBS, computes())).isEmpty();
  }

  @Test
  void moreProcessorsHelpJobsThatCompute() {
    assertThat(says(Rule.MORE_PROCESSORS, computes())).isPresent();
    assertThat(says(Rule.MORE_PROCESSORS, waits())).isEmpty();
  }

  @Test
  void jobsThatComputeMoreDoNotSuitALoop() {
    assertThat(says(Rule.JOBS_THAT_COMPUTE, Reports.of(WAITS).with(EVENT_LOOP, 25).with(SYNC, 99)))
        .isPresent();
    assertThat(says(Rule.JOBS_THAT_COMPUTE, waits())).isEmpty();
  }

  @Test
  void sharedDataSuitsALoop() {
    assertThat(says(Rule.SHARED_DATA, waits()))
        .hasValueSatisfying(
            text -> assertThat(text).endsWith("Here it took 26 ms, 1.08 times as long."));
    assertThat(says(Rule.SHARED_DATA, computes())).isEmpty();
  }

  @Test
  void jobsThatCrashNeedProcesses() {
    assertThat(says(Rule.JOBS_THAT_CRASH, computes()))
        .hasValueSatisfying(
            text -> assertThat(text).endsWith("a process pool took 560 ms, 1.10 times as long."));
    assertThat(says(Rule.JOBS_THAT_CRASH, Reports.of(WAITS).with(PROCESS_POOL, 10).with(SYNC, 99)))
        .isEmpty();
  }

  // --- the trap with the runner-up

  private static Reports.Of second(JobProfile profile, Model model) {
    return Reports.of(profile)
        .with(model == VIRTUAL_THREADS ? EVENT_LOOP : VIRTUAL_THREADS, 10)
        .with(model, 20, 20, 70);
  }

  private static void isTheOnlyTrap(Rule rule, Reports.Of point, String... words) {
    assertThat(reason(point).traps()).hasSize(1).first().asString().contains(words);
    assertThat(says(rule, point)).hasValue(reason(point).traps().getFirst());
  }

  @Test
  void waitsAddUpOneAfterTheOther() {
    isTheOnlyTrap(Rule.WAITS_ADD_UP, second(WAITS, SYNC), "waits add up");
    isTheOnlyTrap(Rule.WAITS_ADD_UP, second(COMPUTES, SYNC), "one processor works");
  }

  @Test
  void aThreadForEachJobCostsMemory() {
    isTheOnlyTrap(
        Rule.THREADS_COST_MEMORY,
        second(WAITS, THREADS).with(SYNC, 500, 10, 60),
        "112 threads",
        "100 kB of memory for each job");
  }

  @Test
  void aPoolHasASize() {
    isTheOnlyTrap(Rule.POOL_HAS_A_SIZE, second(WAITS, THREAD_POOL), "(8 here)", "wait in line");
  }

  @Test
  void nothingLimitsVirtualThreads() {
    isTheOnlyTrap(
        Rule.NOTHING_LIMITS_THEM, second(WAITS, VIRTUAL_THREADS), "all 100 calls", "locks");
  }

  @Test
  void aLoopThatWasHeldIsSaidToBeWithTheLine() {
    isTheOnlyTrap(
        Rule.LOOP_IS_HELD,
        second(WAITS, EVENT_LOOP).found(EVENT_LOOP, Finding.Kind.STALL, LINE),
        LINE);
  }

  @Test
  void aLoopThatWasNotHeldCanBe() {
    isTheOnlyTrap(Rule.LOOP_CAN_BE_HELD, second(WAITS, EVENT_LOOP), "None did here");
  }

  @Test
  void processesCopy() {
    isTheOnlyTrap(
        Rule.PROCESSES_COPY,
        second(COMPUTES, PROCESS_POOL),
        "copied (120 bytes a job)",
        "80 ms to start",
        "70 MB of memory");
  }

  // --- all of it

  @ParameterizedTest
  @EnumSource(Rule.class)
  void eachRuleHoldsItsTongueWithoutFigures(Rule rule) {
    if (rule.part() != Rule.Part.VERDICT) {
      assertThat(says(rule, Reports.of(null))).isEmpty();
    }
  }

  @Test
  void aReasonIsShort() {
    for (var point : List.of(waits(), computes())) {
      assertThat(text(reason(point)).split("\\s+").length).isLessThan(220);
      assertThat(reason(point).traps()).hasSize(1);
    }
    var reason = reason(waits());
    assertThat(reason.verdict()).startsWith("Take virtual threads");
    assertThat(reason.because().getFirst()).startsWith("The jobs wait");
    assertThat(reason.titleOfUnless()).isEqualTo("What would change this");
    assertThat(reason.titleOfTraps()).isEqualTo("The trap with the next best");
  }

  // --- sweeps

  private static Report.Point length(double ms, double sync, double processes) {
    var profile =
        new JobProfile(100, 0, (long) (ms * MS), (long) (ms * MS), (long) (ms * 100 * MS), 120);
    return Reports.of(profile)
        .with(SYNC, sync, sync, 60)
        .with(PROCESS_POOL, processes, sync, 300)
        .at("length", ms + "ms");
  }

  private static Report sweep(Report.Point... points) {
    return Reports.report(points);
  }

  @Test
  void theCrossoverIsInterpolatedBetweenTwoClearPoints() {
    var curves = Curves.of(sweep(length(1, 100, 200), length(4, 400, 200)));
    assertThat(curves.crossovers()).hasSize(1);
    var crossover = curves.crossovers().getFirst();
    assertThat(crossover.at().median()).isBetween(1.99 * MS, 2.01 * MS);
    assertThat(curves.text(crossover)).isEqualTo("A process pool pays from 2 ms a job on.");
    assertThat(curves.verdict())
        .isEqualTo(
            "It depends: up to about 2 ms a job, run the jobs one after the other; from there on,"
                + " take a process pool.");
    assertThat(curves.winner()).isNull();
  }

  @Test
  void aCrossoverIsAsUnsureAsTheTimes() {
    var low = Reports.of(COMPUTES).withAll(SYNC, 100, 60, 90, 100, 110, 95, 105);
    low.withAll(PROCESS_POOL, 100, 60, 210, 190, 180, 220, 200);
    var high = Reports.of(COMPUTES).withAll(SYNC, 100, 60, 360, 400, 440, 380, 420);
    high.withAll(PROCESS_POOL, 100, 60, 180, 200, 220, 190, 210);
    var curves = Curves.of(sweep(low.at("length", "1ms"), high.at("length", "4ms")));
    var at = curves.crossovers().getFirst().at();
    assertThat(at.low()).isBetween(1.6 * MS, 1.9 * MS);
    assertThat(at.high()).isBetween(2.1 * MS, 2.4 * MS);
    assertThat(curves.text(curves.crossovers().getFirst()))
        .matches(
            "A process pool pays from length = 2 ms on \\(between 1\\.\\d and 2\\.\\d ms\\)\\.");
  }

  @Test
  void whereNoModelIsClearlyFasterThereIsNoWinnerUntilOneIs() {
    var tied = Reports.of(COMPUTES).with(SYNC, 100).with(THREAD_POOL, 100).at("size", "100");
    var also = Reports.of(COMPUTES).with(SYNC, 200).with(THREAD_POOL, 199).at("size", "200");
    var clear = Reports.of(COMPUTES).with(SYNC, 400).with(THREAD_POOL, 200).at("size", "400");
    assertThat(Curves.of(sweep(tied, also, clear)).verdict())
        .isEqualTo(
            "It depends: up to size = 200, there is no clear winner between one after the other and"
                + " a thread pool; from size = 400 on, take a thread pool.");
  }

  /** It may have been clearly faster than another that was the winner only later. */
  @Test
  void aCrossoverBeforeAWinnerBeganToBeOneIsNotWhereItEnds() {
    var first = point("10", 10, 20, 40);
    var unsure = Reports.of(COMPUTES).withAll(SYNC, 1, 60, 30, 90, 31, 89, 60);
    unsure.with(THREAD_POOL, 50).with(PROCESS_POOL, 48);
    var verdict =
        Curves.of(
                sweep(
                    first,
                    unsure.at("jobs", "100"),
                    point("1000", 900, 200, 198),
                    point("10000", 9_000, 2_000, 1_000)))
            .verdict();
    assertThat(verdict)
        .isEqualTo(
            "It depends: up to about 62 jobs, run the jobs one after the other; from there"
                + " to 1,000 jobs, there is no clear winner between a thread pool and a process pool; from 10,000 jobs on, take a process pool.");
  }

  @Test
  void aWinnerInTheMiddleHasTwoEnds() {
    var curves =
        Curves.of(
            sweep(
                point("1", 10, 20, 200),
                point("100", 200, 100, 300),
                point("10000", 2_000, 900, 300)));
    assertThat(curves.verdict())
        .matches(
            "It depends: up to about 1. jobs, run the jobs one after the other; from there to about"
                + " 1,.00 jobs, take a thread pool; from there on, take a process pool\\.");
  }

  private static Report.Point point(String jobs, double sync, double pool, double processes) {
    return Reports.of(COMPUTES)
        .with(SYNC, sync)
        .with(THREAD_POOL, pool)
        .with(PROCESS_POOL, processes)
        .at("jobs", jobs);
  }

  @Test
  void oneModelMayBeTheFastestAtAllValues() {
    assertThat(Reason.of(sweep(length(1, 100, 200), length(4, 400, 800))).verdict())
        .isEqualTo(
            "Run the jobs one after the other: nothing is as fast at any value that was measured,"
                + " from 1 ms a job to 4 ms a job.");
  }

  @Test
  void thereIsNoCrossoverWhereNoneIsClearlyFasterOnOneSide() {
    var below = Curves.of(sweep(length(1, 100, 100.5), length(4, 400, 200)));
    assertThat(below.crossovers()).isEmpty();
    var above = Curves.of(sweep(length(1, 100, 200), length(4, 400, 400)));
    assertThat(above.crossovers()).isEmpty();
    assertThat(above.verdict())
        .isEqualTo(
            "Run the jobs one after the other: nothing is clearly faster at any value that was measured,"
                + " from 1 ms a job to 4 ms a job.");
  }

  @Test
  void aPointBetweenAtWhichNoneIsClearlyFasterWidensTheBracket() {
    var curves = Curves.of(sweep(length(1, 100, 200), length(2, 200, 201), length(8, 800, 250)));
    var crossover = curves.crossovers().getFirst();
    assertThat(crossover.low()).isEqualTo(1 * MS);
    assertThat(crossover.high()).isEqualTo(8 * MS);
    assertThat(crossover.at().median()).isBetween(1.9 * MS, 2.1 * MS);
  }

  @Test
  void pointsMayComeInAnyOrder() {
    var curves = Curves.of(sweep(length(4, 400, 200), length(1, 100, 200)));
    assertThat(curves.axis().values()).containsExactly(1.0 * MS, 4.0 * MS);
    assertThat(curves.crossovers()).hasSize(1);
  }

  @Test
  void modelsThatAreWrongDoNotCross() {
    var wrong = Reports.of(COMPUTES).with(SYNC, 400).with(THREADS, 100);
    wrong.found(THREADS, Finding.Kind.WRONG_RESULT, null);
    var right = Reports.of(COMPUTES).with(SYNC, 100).with(THREADS, 200);
    assertThat(Curves.of(sweep(right.at("jobs", "10"), wrong.at("jobs", "100"))).crossovers())
        .isEmpty();
  }

  @Test
  void aNumberOfJobsIsCalledThat() {
    var few = Reports.of(WAITS).with(THREAD_POOL, 10).with(VIRTUAL_THREADS, 20);
    var many = Reports.of(WAITS).with(THREAD_POOL, 400).with(VIRTUAL_THREADS, 200);
    var reason = Reason.of(sweep(few.at("jobs", "100"), many.at("jobs", "10_000")));
    assertThat(reason.because().getFirst())
        .isEqualTo("Virtual threads are faster than a thread pool from 1,000 jobs on.");
    assertThat(reason.titleOfTraps()).isEqualTo("The trap with the next best, at 10,000 jobs");
  }

  @Test
  void valuesWithoutAnOrderAreOnlyListed() {
    var one = Reports.of(WAITS).with(THREADS, 10).with(SYNC, 20).at("file", "a.txt");
    var other = Reports.of(WAITS).with(THREADS, 20).with(SYNC, 10).at("file", "b.txt");
    var reason = Reason.of(sweep(one, other));
    assertThat(reason.verdict())
        .isEqualTo(
            "At file = a.txt, take a thread for each job; at file = b.txt, run the jobs one after"
                + " the other.");
  }

  @Test
  void theWinnerStaysUntilAnotherIsClearlyBetter() {
    var clear = Reports.of(WAITS).with(THREAD_POOL, 10).with(SYNC, 20).at("jobs", "10");
    var tied = Reports.of(WAITS).with(THREAD_POOL, 10).with(SYNC, 10).at("jobs", "20");
    assertThat(Reason.of(sweep(clear, tied)).model()).isEqualTo(THREAD_POOL);
  }

  @Test
  void whereNoModelIsRightThatIsSaidBesideTheWinner() {
    var right = Reports.of(WAITS).with(SYNC, 10).with(THREADS, 5);
    var wrong = Reports.of(WAITS).with(SYNC, 10).found(SYNC, Finding.Kind.JOB_FAILED, null);
    var verdict =
        Curves.of(sweep(right.at("how", "a"), wrong.at("how", "b"), right.at("how", "c")))
            .verdict();
    assertThat(verdict)
        .isEqualTo(
            "Take a thread for each job: nothing is as fast. At how = b, no model ran the jobs"
                + " correctly.");
  }

  @Test
  void aSweepWithoutAModelThatIsRightHasNoWinner() {
    var wrong = Reports.of(WAITS).with(SYNC, 10).found(SYNC, Finding.Kind.JOB_FAILED, null);
    var report =
        new Report(
            "w",
            Map.of(),
            1,
            0,
            Instant.EPOCH,
            Reports.MACHINE,
            true,
            Arrays.asList(wrong.at("jobs", "1"), wrong.at("jobs", "2")));
    assertThat(Reason.of(report).verdict()).startsWith("No model can be recommended");
  }
}
