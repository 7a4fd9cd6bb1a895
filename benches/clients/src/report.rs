//! The tables of `docs/benchmarks.md`.

use std::fs;

use crate::clock::{self, Series};
use crate::contender::Contender;
use crate::contenders::{self, BOUND, HYPER, OURS_BLOCKING, OURS_TOKIO};
use crate::counted::Cost;
use crate::site::{Answering, COLD, DELAYED, Site, WARM};
use crate::table::Table;
use crate::watches::Use;

/// How often each client has its turn, and how many gets it then makes.
const WARM_TURNS: (usize, usize) = (60, 40);
const COLD_TURNS: (usize, usize) = (60, 4);
const DELAYED_TURNS: [(usize, usize); 3] = [(40, 20), (60, 5), (60, 1)];

/// How many gets are counted.
const WARM_COUNTED: usize = 100;
const COLD_COUNTED: usize = 10;

/// How many tasks share a client, and how many gets all of them make in a turn.
const TASKS: [usize; 3] = [1, 8, 64];
const TASKS_GETS: usize = 640;
const TASKS_ROUNDS: usize = 12;

/// How many calls are watched at a time.
const WATCHES: usize = 1000;

/// The versions that a reader will ask for.
const VERSIONS: [&str; 7] = ["httparse", "hyper", "hyper-util", "reqwest", "rustls", "tokio", "ureq"];

/// Every table and the name of its place.
///
/// # Errors
///
/// A client or a counting program fails.
pub fn all(site: &Site) -> Result<Vec<(&'static str, String)>, String> {
    let machine = machine();
    let warm = Gets::of(site, WARM, WARM_TURNS, WARM_COUNTED)?;
    let cold = Gets::of(site, COLD, COLD_TURNS, COLD_COUNTED)?;
    let delays = Delays::of(site)?;
    let at_once = Throughput::of(site, WARM)?;
    let delayed = Throughput::of(site, DELAYED[1])?;
    let watches = watches(site)?;
    Ok(vec![
        ("clients-machine", machine),
        ("clients-warm", warm.table("a warm get")),
        ("clients-cold", cold.table("a cold get")),
        ("clients-delays", delays.table()),
        ("clients-tasks", throughput(&at_once, &delayed)),
        ("clients-watches", watches_table(&watches)),
        ("clients-budgets", budgets(&warm, &delays, &at_once, &watches)),
    ])
}

fn machine() -> String {
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let cpu = read("/proc/cpuinfo");
    let name = cpu.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("unknown");
    let cores = cpu.lines().filter(|line| line.starts_with("processor")).count();
    let load = read("/proc/loadavg");
    // The lock file has two lines for each package: name, then version.
    let lock = include_str!("../Cargo.lock");
    let version = |name: &&str| {
        let (_, after) = lock.split_once(&format!("name = \"{name}\"\nversion = \""))?;
        Some(format!("{name} {}", after.split('"').next()?))
    };
    let versions: Vec<String> = VERSIONS.iter().filter_map(version).collect();
    format!(
        "{}, {cores} cores, load {} when it began; {}.",
        name.trim_start_matches(['\t', ' ', ':']),
        load.split(' ').next().unwrap_or("unknown"),
        versions.join(", ")
    )
}

fn make_all(site: &Site, answering: Answering) -> Result<Vec<Box<dyn Contender>>, String> {
    contenders::ALL.iter().map(|(_, make)| make(site, answering)).collect()
}

/// Where a contender stands among all.
fn index(name: &str) -> usize {
    contenders::ALL.iter().position(|(other, _)| *other == name).unwrap_or_default()
}

/// Gets one after the other: time, processor time, and all that is counted.
struct Gets {
    series: Vec<Series>,
    costs: Vec<Cost>,
}

impl Gets {
    fn of(
        site: &Site,
        answering: Answering,
        (rounds, gets): (usize, usize),
        counted: usize,
    ) -> Result<Self, String> {
        let series = clock::measure(&mut make_all(site, answering)?, rounds, gets)?;
        let costs = contenders::ALL.iter().map(|(name, _)| Cost::of(name, site, answering, counted));
        Ok(Self { series, costs: costs.collect::<Result<_, _>>()? })
    }

    fn median_ratio(&self, name: &str) -> (f64, f64, f64) {
        clock::ratio(&self.series[index(name)].median, &self.series[index(BOUND)].median)
    }

    fn cpu_ratio(&self, name: &str) -> (f64, f64, f64) {
        clock::ratio(&self.series[index(name)].cpu, &self.series[index(BOUND)].cpu)
    }

    fn table(&self, title: &str) -> String {
        let mut table = Table::new([
            title,
            "p50, us",
            "p50 by the bound's",
            "CPU, us",
            "CPU by the bound's",
            "instructions",
            "by the bound's",
            "system calls",
            "allocations (bytes)",
        ]);
        for (index, (name, _)) in contenders::ALL.iter().enumerate() {
            let (series, cost) = (&self.series[index], &self.costs[index]);
            table.row(vec![
                (*name).into(),
                format!("{:.1}", clock::median(series.median.iter().copied())),
                spread(self.median_ratio(name)),
                format!("{:.1}", clock::median(series.cpu.iter().copied())),
                spread(self.cpu_ratio(name)),
                grouped(cost.instructions),
                format!("{:.2}", cost.instructions / self.costs[0].instructions),
                format!("{:.1}", cost.system_calls),
                format!("{:.1} ({})", cost.allocations, grouped(cost.bytes)),
            ]);
        }
        table.to_string()
    }
}

/// What is added to an answer that takes its time: one series for each delay.
struct Delays(Vec<(Answering, Vec<Series>)>);

impl Delays {
    fn of(site: &Site) -> Result<Self, String> {
        let measure = |(answering, (rounds, gets))| {
            Ok((answering, clock::measure(&mut make_all(site, answering)?, rounds, gets)?))
        };
        DELAYED.into_iter().zip(DELAYED_TURNS).map(measure).collect::<Result<_, String>>().map(Self)
    }

    /// Microseconds beyond the delay.
    fn added(answering: Answering, series: &[Series], name: &str) -> f64 {
        clock::median(series[index(name)].median.iter().copied()) - clock::microseconds(answering.delay)
    }

    /// The most that a client adds to what the bound adds, in microseconds: at each delay the median difference of
    /// the rounds.
    fn worst(&self, name: &str) -> f64 {
        let beyond = |(_, series): &(Answering, Vec<Series>)| {
            let rounds = series[index(name)].median.iter().zip(&series[index(BOUND)].median);
            clock::median(rounds.map(|(own, bound)| own - bound))
        };
        self.0.iter().map(beyond).fold(f64::NEG_INFINITY, f64::max)
    }

    fn table(&self) -> String {
        let columns = self.0.iter().map(|(answering, _)| format!("answer after {}", answering.name));
        let head = ["microseconds beyond the delay, p50".to_string()];
        let mut table = Table::new(head.into_iter().chain(columns));
        for (name, _) in contenders::ALL {
            let cells = self.0.iter().map(|(at, series)| format!("{:.0}", Self::added(*at, series, name)));
            table.row([name.to_string()].into_iter().chain(cells).collect());
        }
        table.to_string()
    }
}

/// Gets in a second, by contender and number of tasks, one figure for each round; none where a client serves fewer tasks.
struct Throughput(Vec<[Vec<f64>; TASKS.len()]>);

impl Throughput {
    fn of(site: &Site, answering: Answering) -> Result<Self, String> {
        let mut contenders = make_all(site, answering)?;
        let mut all: Vec<[Vec<f64>; TASKS.len()]> = contenders.iter().map(|_| Default::default()).collect();
        // The first round opens connections and is forgotten. Where answers are late, fewer are waited for.
        let rounds = if answering.delay.is_zero() { TASKS_ROUNDS } else { TASKS_ROUNDS / 4 };
        for round in 0..=rounds {
            for (column, tasks) in TASKS.into_iter().enumerate() {
                for turn in 0..contenders.len() {
                    let index = (turn + round) % contenders.len();
                    let gets = if answering.delay.is_zero() { TASKS_GETS / tasks } else { 10 };
                    let taken = contenders[index].tasks(tasks, gets)?;
                    if let (Some(taken), true) = (taken, round > 0) {
                        all[index][column].push((gets * tasks) as f64 / taken.as_secs_f64());
                    }
                }
            }
        }
        Ok(Self(all))
    }

    /// Gets of one client by those of another in the same time, if both serve so many tasks.
    fn ratio(&self, name: &str, other: &str, column: usize) -> Option<f64> {
        let (own, other) = (&self.0[index(name)][column], &self.0[index(other)][column]);
        (!own.is_empty() && !other.is_empty()).then(|| clock::ratio(own, other).1)
    }
}

fn throughput(at_once: &Throughput, delayed: &Throughput) -> String {
    let columns = [(WARM, at_once), (DELAYED[1], delayed)];
    let name = |answering: Answering| match answering.delay.is_zero() {
        true => "answered at once".to_string(),
        false => format!("answered after {}", answering.name),
    };
    let heads = columns.iter().flat_map(|(answering, _)| {
        let after = name(*answering);
        TASKS.map(move |tasks| format!("{tasks} task{}, {after}", if tasks == 1 { "" } else { "s" }))
    });
    let mut table = Table::new(["gets in a second".to_string()].into_iter().chain(heads));
    for (row, (name, _)) in contenders::ALL.iter().enumerate() {
        let cells = columns.iter().flat_map(|(_, figures)| figures.0[row].iter()).map(|rounds| {
            if rounds.is_empty() {
                "one at a time".into()
            } else {
                grouped(clock::median(rounds.iter().copied()))
            }
        });
        let cells: Vec<String> = cells.collect();
        // A client that blocks has no tasks.
        if cells.iter().any(|cell| cell != "one at a time") {
            table.row([vec![(*name).to_string()], cells].concat());
        }
    }
    table.to_string()
}

/// What many watches take of a client.
struct Watches {
    name: &'static str,
    many: Use,
    /// Memory that each adds, in kB of 1,024 bytes.
    each: f64,
}

fn watches(site: &Site) -> Result<Vec<Watches>, String> {
    let measure = |name: &'static str| {
        let (one, many) = (Use::of(name, site, 1)?, Use::of(name, site, WATCHES)?);
        let each = many.memory.saturating_sub(one.memory) as f64 / (WATCHES - 1) as f64;
        Ok(Watches { name, many, each })
    };
    [OURS_TOKIO, HYPER].into_iter().map(measure).collect()
}

fn watches_table(watches: &[Watches]) -> String {
    let head = format!("{WATCHES} watches");
    let mut table =
        Table::new([head.as_str(), "through", "connections at a time", "memory, kB", "memory of each, kB"]);
    for Watches { name, many, each } in watches {
        table.row(vec![
            (*name).into(),
            if many.is_shared { "one client" } else { "a client each" }.into(),
            many.sockets.to_string(),
            grouped(many.memory as f64),
            format!("{each:.1}"),
        ]);
    }
    table.to_string()
}

/// Every budget, what was measured, and whether that is within it.
fn budgets(warm: &Gets, delays: &Delays, tasks: &Throughput, watches: &[Watches]) -> String {
    let mut table = Table::new(["budget", "client", "measured", "met"]);
    let mut row = |budget: &str, client: &str, measured: String, is_met: bool| {
        table.row(vec![budget.into(), client.into(), measured, if is_met { "yes" } else { "no" }.into()]);
    };
    for client in [OURS_BLOCKING, OURS_TOKIO] {
        let (median, cpu) = (warm.median_ratio(client), warm.cpu_ratio(client));
        let instructions = warm.costs[index(client)].instructions;
        let worst = delays.worst(client);
        row("p50 of a warm get by the bound's: at most 1.10", client, spread(median), median.1 <= 1.10);
        row("CPU of a warm get by the bound's: at most 1.15", client, spread(cpu), cpu.1 <= 1.15);
        row(
            "instructions of a warm get: at most 100,000",
            client,
            grouped(instructions),
            instructions <= 1e5,
        );
        row(
            "the same: at most 75,000, to be stretched for",
            client,
            grouped(instructions),
            instructions <= 75e3,
        );
        row(
            "us beyond the bound's, at any delay: at most 100",
            client,
            format!("{worst:.0}"),
            worst <= 100.0,
        );
    }
    let last = TASKS.len() - 1;
    let by_hyper = tasks.ratio(OURS_TOKIO, HYPER, last);
    let budget = format!("gets of {} tasks by those of {HYPER}: at least 0.90", TASKS[last]);
    let measured = by_hyper.map_or_else(|| "one at a time".into(), |ratio| format!("{ratio:.2}"));
    row(&budget, OURS_TOKIO, measured, by_hyper.is_some_and(|ratio| ratio >= 0.9));
    for Watches { name, many, each } in watches.iter().filter(|watches| watches.name == OURS_TOKIO) {
        let budget = |text: &str| format!("{WATCHES} watches, {text}");
        row(&budget("connections: at most 16"), name, many.sockets.to_string(), many.sockets <= 16);
        row(&budget("kB of memory each: at most 20"), name, format!("{each:.1}"), *each <= 20.0);
    }
    table.to_string()
}

fn spread((low, median, high): (f64, f64, f64)) -> String {
    format!("{median:.2} ({low:.2} to {high:.2})")
}

/// A whole number with commas between its thousands.
fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place) % 3 == 0 && text != "-" {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
