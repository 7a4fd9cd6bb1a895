//! The tables of `docs/benchmarks.md`.

use crate::clock::{self, Spread, Times};
use crate::heap::{self, Use};
use crate::instructions;
use crate::plan::{Job, PIECES, Plan, SKIPPED};
use crate::table::Table;

/// The row that all others are compared to.
const REFERENCE: &str = "serde_json (owned)";

/// Our own row.
const OURS: &str = "graph-call (fixed)";

/// Which of the goals hold today, in the order of their table; CI keeps them so.
const MUST_BE_MET: [bool; 6] = [false, false, true, false, true, true];

/// How many turns each parser has.
const ROUNDS: usize = 400;

/// Instructions of every job, by table.
pub struct Counts {
    parsers: Vec<u64>,
    floors: Vec<u64>,
    pieces: Vec<u64>,
    skipped: Vec<u64>,
}

impl Counts {
    /// Counts them.
    ///
    /// # Errors
    ///
    /// The counting program fails.
    pub fn of(plan: &mut Plan) -> Result<Self, String> {
        let counts = instructions::count("run-once")?;
        let expected = plan.jobs().count();
        if counts.len() != expected {
            return Err(format!("callgrind counted {} works of {expected}", counts.len()));
        }
        let mut counts = counts.into_iter();
        let mut take = |jobs: &[Job]| counts.by_ref().take(jobs.len()).collect();
        Ok(Self {
            parsers: take(&plan.parsers),
            floors: take(&plan.floors),
            pieces: take(&plan.pieces),
            skipped: take(&plan.skipped),
        })
    }
}

/// Every table and the name of its place.
///
/// # Errors
///
/// A counting program fails.
pub fn all(plan: &mut Plan) -> Result<Vec<(&'static str, String)>, String> {
    let counts = Counts::of(plan)?;
    let heap = heap::count()?;
    let times = Timing::of(plan);
    let mut all_goals = timed_goals(plan, &times);
    all_goals.extend(counted_goals(plan, &counts));
    Ok(vec![
        ("desktop-machine", machine()),
        ("desktop-documents", documents(plan)),
        ("desktop-time", time(plan, &times)),
        ("desktop-instructions", instructions(plan, &counts)),
        ("desktop-allocations", allocations(plan, &heap)),
        ("desktop-pieces", pieces(plan, &counts)),
        ("desktop-skipped", skipped(plan, &counts)),
        ("desktop-goals", goal_table(all_goals)),
    ])
}

fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    format!(
        "{}; {}; release profile: opt-level 3, one codegen unit, fat LTO, x86-64-v3.",
        name.trim_start_matches(['\t', ' ', ':']),
        env!("COMPILER").split(" (").next().unwrap_or_default()
    )
}

fn documents(plan: &Plan) -> String {
    let mut table = Table::new(["document", "bytes", "values filled"]);
    for (document, members) in &plan.documents {
        table.row(vec![document.name.into(), document.bytes.len().to_string(), members.to_string()]);
    }
    table.to_string()
}

/// The rows of the big tables, in the order in which they are first met.
fn rows(jobs: &[Job]) -> Vec<&str> {
    let mut rows: Vec<&str> = Vec::new();
    for job in jobs {
        if !rows.contains(&job.row.as_str()) {
            rows.push(&job.row);
        }
    }
    rows
}

/// A table of parsers (or floors) by document.
fn by_document(plan: &Plan, title: &str, jobs: &[Job], cell: impl Fn(usize) -> String) -> Table {
    let names = plan.documents.iter().map(|(document, _)| document.name);
    let mut table = Table::new([title].into_iter().chain(names));
    extend(&mut table, plan, jobs, cell);
    table
}

fn extend(table: &mut Table, plan: &Plan, jobs: &[Job], cell: impl Fn(usize) -> String) {
    for row in rows(jobs) {
        let mut cells = vec![row.to_string()];
        for (document, _) in &plan.documents {
            let job = jobs.iter().position(|job| job.row == row && job.column == document.name);
            cells.push(job.map_or_else(|| "refuses".into(), &cell));
        }
        table.row(cells);
    }
}

fn reference(jobs: &[Job], job: &Job) -> usize {
    jobs.iter().position(|other| other.row == REFERENCE && other.column == job.column).unwrap_or_default()
}

/// How long every parser and every floor took, in the order of the plan.
struct Timing {
    parsers: Vec<Option<Times>>,
    floors: Vec<Option<Times>>,
}

impl Timing {
    fn of(plan: &mut Plan) -> Self {
        // Per document, so that each document's parsers and floors take turns among themselves.
        let mut parsers: Vec<Option<Times>> = plan.parsers.iter().map(|_| None).collect();
        let mut floors: Vec<Option<Times>> = plan.floors.iter().map(|_| None).collect();
        for (document, _) in &plan.documents {
            let (mut works, mut places): (Vec<clock::Work<'_>>, Vec<&mut Option<Times>>) = plan
                .parsers
                .iter_mut()
                .zip(&mut parsers)
                .chain(plan.floors.iter_mut().zip(&mut floors))
                .filter(|(job, _)| job.column == document.name)
                .map(|(job, place)| (Box::new(&mut job.work) as clock::Work<'_>, place))
                .unzip();
            for (place, times) in places.iter_mut().zip(clock::measure(&mut works, ROUNDS)) {
                **place = Some(times);
            }
        }
        Self { parsers, floors }
    }
}

fn time(plan: &Plan, Timing { parsers, floors }: &Timing) -> String {
    let at = |index: usize| parsers[index].as_ref();
    let mut table = by_document(plan, "times as fast as serde_json (owned)", &plan.parsers, |index| {
        let base = reference(&plan.parsers, &plan.parsers[index]);
        at(index).zip(at(base)).map_or_else(String::new, |(own, base)| spread(own.speed_over(base)))
    });
    extend(&mut table, plan, &plan.floors, |index| {
        let base = at(reference(&plan.parsers, &plan.floors[index]));
        let own = floors[index].as_ref();
        own.zip(base).map_or_else(String::new, |(own, base)| format!("{:.0}", own.speed_over(base).median))
    });
    let nanoseconds: Vec<String> = plan
        .documents
        .iter()
        .map(|(document, _)| {
            let job = plan.parsers.iter().position(|job| job.row == REFERENCE && job.column == document.name);
            let time = job.and_then(at).map_or(0.0, |times| times.nanoseconds().median);
            format!("{time:.0}")
        })
        .collect();
    table.row([vec!["serde_json (owned), nanoseconds".into()], nanoseconds].concat());
    table.to_string()
}

fn spread(spread: Spread) -> String {
    format!("{:.2} ({:.2} to {:.2})", spread.median, spread.low, spread.high)
}

/// Instructions per byte.
pub fn instructions(plan: &Plan, counts: &Counts) -> String {
    let per_byte = |count: u64, job: &Job| format!("{:.2}", count as f64 / job.bytes as f64);
    let mut table = by_document(plan, "instructions per byte", &plan.parsers, |index| {
        per_byte(counts.parsers[index], &plan.parsers[index])
    });
    extend(&mut table, plan, &plan.floors, |index| per_byte(counts.floors[index], &plan.floors[index]));
    table.to_string()
}

fn allocations(plan: &Plan, heap: &[Use]) -> String {
    by_document(plan, "allocations (bytes) of one parse", &plan.parsers, |index| {
        heap.get(index).map_or_else(String::new, |heap| format!("{} ({})", heap.allocations, heap.bytes))
    })
    .to_string()
}

fn pieces(plan: &Plan, counts: &Counts) -> String {
    let head = ["instructions relative to the whole document".to_string()];
    let mut table = Table::new(head.into_iter().chain(PIECES.iter().map(ToString::to_string)));
    for row in rows(&plan.pieces) {
        let of_row = || plan.pieces.iter().zip(&counts.pieces).filter(|(job, _)| job.row == row);
        let whole = of_row().find(|(job, _)| job.column == "whole").map_or(1, |(_, count)| *count);
        let ratios = of_row().filter(|(job, _)| job.column != "whole");
        let ratios = ratios.map(|(_, count)| format!("{:.2}", *count as f64 / whole as f64));
        table.row([row.to_string()].into_iter().chain(ratios).collect());
    }
    table.to_string()
}

fn skipped(plan: &Plan, counts: &Counts) -> String {
    let head = ["bytes of skipped content".to_string()];
    let mut table = Table::new(head.into_iter().chain(SKIPPED.iter().map(ToString::to_string)));
    let per_byte = plan.skipped.iter().zip(&counts.skipped);
    let per_byte = per_byte.map(|(job, count)| format!("{:.3}", *count as f64 / job.bytes as f64));
    table.row(["instructions per byte".to_string()].into_iter().chain(per_byte).collect());
    table.to_string()
}

/// One goal, what was measured, and whether that meets it.
struct Goal {
    text: &'static str,
    figure: String,
    is_met: bool,
}

/// The goals that can be checked by counting, and how far they are met.
fn counted_goals(plan: &Plan, counts: &Counts) -> Vec<Goal> {
    let least_of = |row: &str, rival: &dyn Fn(&Job, &Job) -> bool| {
        let own = plan.parsers.iter().zip(&counts.parsers).filter(|(job, _)| job.row == row);
        own.filter_map(|(own, count)| {
            let rivals = plan.parsers.iter().zip(&counts.parsers).filter(|(job, _)| rival(own, job));
            rivals.map(|(_, rival)| *rival as f64 / *count as f64).min_by(f64::total_cmp)
        })
        .min_by(f64::total_cmp)
        .unwrap_or_default()
    };
    let least = |rival: &dyn Fn(&Job, &Job) -> bool| least_of(OURS, rival);
    let reference = least(&|own, job| job.row == REFERENCE && job.column == own.column);
    // By a reference that stays what it is: the whole of ours is no measure of pieces where it alone becomes faster.
    let in_pieces = least_of("graph-call, 64-byte pieces (fixed)", &|own, job| {
        job.row == REFERENCE && job.column == own.column
    });
    let fastest = least(&|own, job| !job.row.starts_with("graph-call") && job.column == own.column);
    let fastest_fixed = least(&|own, job| {
        !job.row.starts_with("graph-call") && job.row.ends_with("(fixed)") && job.column == own.column
    });
    let small = |size: &str| {
        let pieces = || plan.pieces.iter().zip(&counts.pieces);
        let of_size = pieces().filter(|(job, _)| job.column == size);
        let whole = pieces().filter(|(job, _)| job.column == "whole");
        of_size.zip(whole).map(|((_, piece), (_, whole))| *piece as f64 / *whole as f64).fold(0.0, f64::max)
    };
    let per_byte = |index: usize| counts.skipped[index] as f64 / plan.skipped[index].bytes as f64;
    let growth = per_byte(SKIPPED.len() - 1) / per_byte(0);
    vec![
        at_least("instructions of serde_json (owned) by ours, worst document: at least 2", reference, 2.0),
        at_least(
            "instructions of the best peer of any kind by ours, worst document: at least 1",
            fastest,
            1.0,
        ),
        at_least("the same among peers that fill a fixed call: at least 1", fastest_fixed, 1.0),
        at_most("instructions in 16-byte pieces by whole, worst document: at most 2", small("16"), 2.0),
        at_least(
            "instructions of serde_json (owned) for the whole by ours in 64-byte pieces, worst document: at least 0.97",
            in_pieces,
            0.97,
        ),
        at_most("cost of a skipped byte, 10 MB by 10 KB: at most 1.01", growth, 1.01),
    ]
}

/// The goals that only a clock can tell.
fn timed_goals(plan: &Plan, Timing { parsers, .. }: &Timing) -> Vec<Goal> {
    // The worst ratio, over all documents and all rivals of a row of ours.
    let least_of = |row: &str, is_rival: &dyn Fn(&Job) -> bool| {
        let own = plan.parsers.iter().zip(parsers).filter(|(job, _)| job.row == row);
        own.flat_map(|(own, own_times)| {
            let rivals = plan.parsers.iter().zip(parsers);
            let rivals = rivals.filter(|(job, _)| job.column == own.column && is_rival(job));
            rivals.filter_map(move |(_, times)| Some(own_times.as_ref()?.speed_over(times.as_ref()?).median))
        })
        .fold(f64::INFINITY, f64::min)
    };
    let least = |is_rival: &dyn Fn(&Job) -> bool| least_of(OURS, is_rival);
    let is_peer = |job: &Job| !job.row.starts_with("graph-call");
    vec![
        at_least(
            "speed by that of serde_json (owned), worst document: at least 2",
            least(&|job| job.row == REFERENCE),
            2.0,
        ),
        at_least("speed by that of the fastest peer, worst document: at least 1", least(&is_peer), 1.0),
        at_least(
            "the same among peers whose call outlives the document: at least 1",
            least(&|job| is_peer(job) && !job.row.ends_with("(borrowed)")),
            1.0,
        ),
        at_least(
            "speed of a `HeapCall` made anew by that of serde_json (owned), worst document: at least 1.15",
            least_of("graph-call, HeapCall (owned)", &|job| job.row == REFERENCE),
            1.15,
        ),
        at_least(
            "the same of one that is used again: at least 1.6",
            least_of("graph-call, HeapCall used again (owned)", &|job| job.row == REFERENCE),
            1.6,
        ),
    ]
}

fn at_least(text: &'static str, figure: f64, bound: f64) -> Goal {
    Goal { text, figure: format!("{figure:.2}"), is_met: figure >= bound }
}

fn at_most(text: &'static str, figure: f64, bound: f64) -> Goal {
    Goal { text, figure: format!("{figure:.2}"), is_met: figure <= bound }
}

/// The goals that counting tells, and what is measured of them.
pub fn goals(plan: &Plan, counts: &Counts) -> String {
    goal_table(counted_goals(plan, counts))
}

fn goal_table(goals: Vec<Goal>) -> String {
    let mut table = Table::new(["goal", "measured", "met"]);
    for goal in goals {
        table.row(vec![goal.text.into(), goal.figure, if goal.is_met { "yes" } else { "no" }.into()]);
    }
    table.to_string()
}

/// Fails where a bound is broken: goals that are met stay met, and what is missed does not get worse.
///
/// # Errors
///
/// Which bounds are broken, and by how much.
pub fn check(plan: &Plan, counts: &Counts) -> Result<(), String> {
    let goals = counted_goals(plan, counts);
    let broken = goals.iter().zip(MUST_BE_MET).filter(|(goal, must)| *must && !goal.is_met);
    let broken: Vec<String> =
        broken.map(|(goal, _)| format!("{}; it is {}", goal.text, goal.figure)).collect();
    if broken.is_empty() { Ok(()) } else { Err(broken.join("\n")) }
}
