//! What is said at the end: each figure beside its target, as a table and as JSON, with the machine described.

use std::fs;
use std::io::Write;
use std::process::Command;

use serde_json::{Value, json};

use crate::failure::Failure;

/// Figures that were measured together.
pub struct Table {
    /// What they are about.
    pub title: &'static str,
    /// In their order.
    pub figures: Vec<Figure>,
}

/// A figure beside what it should be.
pub struct Figure {
    /// What was measured.
    pub name: &'static str,
    /// The number that is judged.
    pub value: f64,
    /// Its unit, behind the number.
    pub unit: &'static str,
    /// What else was seen, in words.
    pub beside: String,
    /// What it should be.
    pub target: Target,
    /// What it would take to reach the target, should it be missed.
    pub takes: &'static str,
}

/// What a figure should be.
#[derive(Clone, Copy)]
pub enum Target {
    /// Nothing: it is the measure of others, or told for comparison.
    None,
    /// No less.
    AtLeast(f64),
    /// No more.
    AtMost(f64),
}

impl Figure {
    fn verdict(&self) -> &'static str {
        let met = match self.target {
            Target::None => return "—",
            Target::AtLeast(least) => self.value >= least,
            Target::AtMost(most) => self.value <= most,
        };
        if met { "met" } else { "missed" }
    }

    fn target(&self) -> String {
        let target = match self.target {
            Target::None => "—".to_owned(),
            Target::AtLeast(least) => format!("≥ {least} {}", self.unit),
            Target::AtMost(most) => format!("≤ {most} {}", self.unit),
        };
        target.trim_end().to_owned()
    }

    fn measured(&self) -> String {
        let number = match self.value {
            value if value.abs() < 10.0 && value.fract() != 0.0 => format!("{value:.2}"),
            value if value.abs() < 1000.0 && value.fract() != 0.0 => format!("{value:.1}"),
            value => format!("{value:.0}"),
        };
        let beside = if self.beside.is_empty() { String::new() } else { format!("; {}", self.beside) };
        format!("{number} {}{beside}", self.unit).replace(" ;", ";").trim_end().to_owned()
    }

    fn json(&self) -> Value {
        let target = match self.target {
            Target::None => Value::Null,
            Target::AtLeast(least) => json!({ "at_least": least }),
            Target::AtMost(most) => json!({ "at_most": most }),
        };
        let met = (!matches!(self.target, Target::None)).then(|| self.verdict() == "met");
        json!({
            "figure": self.name, "value": self.value, "unit": self.unit, "beside": self.beside,
            "target": target, "met": met,
        })
    }
}

/// Prints the tables, and below each what it would take to reach what was missed.
pub fn print(tables: &[Table], out: &mut dyn Write) -> Result<(), Failure> {
    let Machine { cores, model, kernel, rustc } = machine();
    writeln!(out, "\n{model}, {cores} cores, Linux {kernel}, {rustc}")?;
    tables.iter().try_for_each(|table| table.print(out))
}

impl Table {
    fn print(&self, out: &mut dyn Write) -> Result<(), Failure> {
        let Self { title, figures } = self;
        writeln!(out, "\n**{title}**\n\n| figure | measured | target | |\n|---|---|---|---|")?;
        for figure in figures {
            let (measured, target) = (figure.measured(), figure.target());
            writeln!(out, "| {} | {measured} | {target} | {} |", figure.name, figure.verdict())?;
        }
        let missed: Vec<_> = figures.iter().filter(|figure| figure.verdict() == "missed").collect();
        if !missed.is_empty() {
            writeln!(out, "\nMissed, and what it would take:")?;
        }
        missed.into_iter().try_for_each(|figure| writeln!(out, "- {}: {}", figure.name, figure.takes))?;
        Ok(())
    }
}

/// The same as JSON.
pub fn to_json(tables: &[Table]) -> String {
    let Machine { cores, model, kernel, rustc } = machine();
    let figures: Vec<_> = tables.iter().flat_map(|table| &table.figures).map(Figure::json).collect();
    let machine = json!({ "cores": cores, "processor": model, "kernel": kernel, "rustc": rustc });
    format!("{:#}\n", json!({ "machine": machine, "figures": figures }))
}

struct Machine {
    cores: usize,
    model: String,
    kernel: String,
    rustc: String,
}

fn machine() -> Machine {
    let processors = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let value = |name: &str| {
        let line = processors.lines().find(|line| line.starts_with(name));
        line.and_then(|line| line.split_once(':')).map(|(_, value)| value.trim().to_owned())
    };
    let release = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rustc = Command::new("rustc").arg("--version").output().map(|said| said.stdout).unwrap_or_default();
    Machine {
        cores: processors.lines().filter(|line| line.starts_with("processor")).count(),
        model: value("model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned()),
        // What follows a dash names somebody's own build.
        kernel: release.trim().split('-').next().unwrap_or_default().to_owned(),
        rustc: String::from_utf8_lossy(&rustc).split(" (").next().unwrap_or_default().trim().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64, target: Target) -> Figure {
        Figure { name: "sign-in", value, unit: "ms", beside: "700/s".to_owned(), target, takes: "less work" }
    }

    #[test]
    fn a_missed_figure_is_printed_as_missed_with_what_it_would_take() {
        let mut out = Vec::new();
        let figures = [
            figure(0.714, Target::AtMost(0.7)),
            figure(0.7, Target::AtMost(0.7)),
            figure(30.0, Target::None),
        ];
        let tables = [Table { title: "Speed", figures: figures.into() }];
        print(&tables, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.contains("| sign-in | 0.71 ms; 700/s | ≤ 0.7 ms | missed |"), "{text}");
        assert!(text.contains("| ≤ 0.7 ms | met |"), "{text}");
        assert!(text.contains("- sign-in: less work"), "{text}");
        assert_eq!(text.matches("missed").count(), 1, "{text}");
        let json: Value = serde_json::from_str(&to_json(&tables)).unwrap();
        assert_eq!(json["figures"][0]["met"], false);
        assert_eq!(json["figures"][2]["met"], Value::Null);
    }

    #[test]
    fn at_least_is_no_less() {
        assert_eq!(figure(24.9, Target::AtLeast(25.0)).verdict(), "missed");
        assert_eq!(figure(25.0, Target::AtLeast(25.0)).verdict(), "met");
    }
}
