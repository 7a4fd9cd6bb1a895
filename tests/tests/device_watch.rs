//! The programs of the whole job under QEMU, on a network of their own before the loopback service: what they do on a bad
//! day, and what their display shows.
//!
//! `./ci.sh firmware` builds the images and runs these; GRAPH_CALL_FIRMWARE names their directory.

mod device {
    pub(crate) mod emulated;
    pub(crate) mod front;
    pub(crate) mod page;
    pub(crate) mod picture;
}

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;

use device::emulated::Emulated;
use device::front::Front;
use device::page::Page;
use device::picture::Picture;
use graph_call_std::service::{Fault, Phase, Service, WireFault};
use graph_call_tests::net::lan::Lan;

type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// A program of the whole job, on a bad day: there are no names and no time at first, the login host is busy, readings are
/// cut, refused and unauthorized, the cable is pulled out, and the service goes for a while. It watches the call to its end.
fn watches_to_the_end_whatever_happens(image: &str, is_secure: bool) -> Result {
    let service = Service::builder().plain(0).reads_per_state(6).start()?;
    let plain = service.plain_address().ok_or("no plain listener")?;
    let lan = Lan::new(if is_secure { service.address() } else { plain })?;
    lan.answer_names(false);
    lan.set_time(Some(0x3fff_ffff));
    if is_secure {
        service.order_wire(WireFault::Cut { after: 300 });
    }
    service.order_login(Fault::Throttled { retry_after: Some("1".into()) });
    for fault in [
        Fault::CutAt(Phase::InContent),
        Fault::Throttled { retry_after: Some("1".into()) },
        Fault::Unavailable { retry_after: None },
        Fault::Expired,
        // Half of an answer that nobody asked for, in the guise of a call that has ended.
        Fault::HalfUnasked,
    ] {
        service.order(fault);
    }
    let mut board = Emulated::boot(image, &lan, &[("ca.der", service.ca_der())])?;
    board.until("address 10.0.2.15/24")?;
    board.until("no time to be believed")?;
    lan.answer_names(true);
    if is_secure {
        // Nothing is asked of anybody as long as the only time is one long before the build.
        while lan.times_asked() == 0 {
            board.until("no time to be believed")?;
        }
        board.until("no time to be believed")?;
        assert_eq!(service.counters().connections, 0, "{image} has begun without a time");
        lan.set_time(None);
        board.until("INFO  time ")?;
        // The first connection ends in the middle of a record of the handshake.
        board.until("TLS: Cut")?;
    }
    for trouble in ["status 429 temp", " in Answer", "status 429", "status 503", "state establishing"] {
        board.until(trouble)?;
    }
    assert_eq!(service.counters().issued, 3, "one was not handed out, one has expired");

    board.link(false)?;
    board.until("link down")?;
    board.link(true)?;
    board.until("address 10.0.2.15/24")?;
    assert!(lan.leases() >= 2, "{image} uses an address that may be another's");
    board.until("state established")?;
    lan.carry(false);
    board.until("again: ")?;
    lan.carry(true);
    board.until("state terminated")?;
    if is_secure {
        board.until("heap ")?;
    }
    let stack = board.until("stack ")?.parse::<u32>()?;
    assert!(board.end()?, "{image} took {stack} bytes of stack, and failed");
    Ok(())
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn every_program_watches_to_the_end() -> Result {
    let programs = [
        ("bare_plain", false),
        ("bare_secure", true),
        ("embassy_plain", false),
        ("embassy_secure", true),
        ("room_panel", true),
    ];
    // They wait most of the time, and wait together.
    thread::scope(|scope| {
        let runs = programs.map(|(image, is_secure)| {
            scope.spawn(move || {
                watches_to_the_end_whatever_happens(image, is_secure)
                    .map_err(|failure| format!("{image}: {failure}"))
            })
        });
        runs.into_iter().try_for_each(|run| run.join().map_err(|_| "a test panicked")?)
    })
    .map_err(Into::into)
}

/// The service's own certificates are short; what Microsoft's hosts have is not, and the job has to end with it, too.
#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn a_chain_as_graph_has_it_leads_to_the_end() -> Result {
    for image in ["bare_secure", "embassy_secure"] {
        let service = Service::builder().plain(0).reads_per_state(1).start()?;
        let front = Front::start(service.plain_address().ok_or("no plain listener")?)?;
        let lan = Lan::new(front.address())?;
        // Another root than the front's: nothing is sent.
        Emulated::boot(image, &lan, &[("ca.der", service.ca_der())])?.until("TLS: Untrusted")?;
        assert_eq!(service.counters().requests, 0, "{image}");

        let lan = Lan::new(front.address())?;
        let mut board = Emulated::boot(image, &lan, &[("ca.der", front.root())])?;
        board.until("state established")?;
        board.until("state terminated")?;
        assert!(board.end()?, "{image}");
    }
    Ok(())
}

/// The pictures of the panel, drawn on the board, are those of the documents. GRAPH_CALL_WRITE writes these anew.
#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn the_panel_looks_as_it_is_shown() -> Result {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/panel");
    let lan = Lan::new(Service::start()?.address())?;
    let mut board = Emulated::boot("gallery", &lan, &[])?;
    assert!(board.end()?);
    let mut pictures = 0;
    for entry in std::fs::read_dir(board.directory())? {
        let drawn = entry?.path();
        if drawn.extension().is_none_or(|extension| extension != "565") {
            continue;
        }
        let golden = documents.join(drawn.file_stem().ok_or("a name")?).with_extension("png");
        let picture = Picture::of_board(&drawn)?;
        if env::var_os("GRAPH_CALL_WRITE").is_some() {
            picture.write_png(&golden)?;
        }
        assert!(picture == Picture::of_png(&golden)?, "{} is another picture now", golden.display());
        pictures += 1;
    }
    assert_eq!(pictures, std::fs::read_dir(documents)?.count());
    Ok(())
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn the_panel_shows_what_happens() -> Result {
    const GROUND: [u8; 3] = [0x10, 0x14, 0x18];
    const GREY: [u8; 3] = [0x39, 0x45, 0x52];
    let service = Service::builder().reads_per_state(6).start()?;
    let lan = Lan::new(service.address())?;
    let mut board = Emulated::boot("room_panel", &lan, &[("ca.der", service.ca_der())])?;
    let picture = |board: &mut Emulated, of: &str| -> Result<Picture> {
        loop {
            let line = board.until("picture ")?;
            let (number, what) = line.split_once(" of ").ok_or("no number")?;
            if what == of {
                return Picture::of_board(&board.directory().join(number).with_extension("565"));
            }
        }
    };
    // A place on the ground, one on the card of the state, and the dot of the connection.
    let colours = |picture: &Picture| [picture.at(10, 10), picture.at(240, 62)];
    let orange = [0xbd, 0x75, 0x10];
    assert_eq!(colours(&picture(&mut board, "Some(Establishing), online")?), [GROUND, orange]);
    let green = [0x10, 0x8a, 0x4a];
    assert_eq!(colours(&picture(&mut board, "Some(Established), online")?), [GROUND, green]);
    board.link(false)?;
    assert_eq!(colours(&picture(&mut board, "Some(Established), offline")?), [GROUND, GREY]);
    board.link(true)?;
    assert_eq!(colours(&picture(&mut board, "Some(Established), online")?), [GROUND, green]);
    service.order(Fault::Unavailable { retry_after: Some("2".into()) });
    let trouble = picture(&mut board, "Some(Established), The service is busy")?;
    assert_eq!(colours(&trouble), [GROUND, GREY], "the last reading stays, and is grey");
    board.until("state terminated")?;
    assert!(board.end()?);
    Ok(())
}

/// The sections that are written to flash, and those that take RAM before anything runs.
const FLASH: [&str; 4] = [".vector_table", ".text", ".rodata", ".data"];
const RAM: [&str; 3] = [".data", ".bss", ".uninit"];

/// By what a service proves that it is one.
#[derive(Clone, Copy, Eq, PartialEq)]
enum Proof {
    Nothing,
    P256,
    /// With an authority between it and the root.
    Rsa,
}

/// What a program takes, in bytes: flash, static RAM, heap of TLS in use, stack, and RAM in all.
fn costs(image: &str, proof: Proof) -> Result<[u32; 5]> {
    let service = Service::builder().plain(0).reads_per_state(1).start()?;
    let plain = service.plain_address().ok_or("no plain listener")?;
    let (address, root) = match proof {
        Proof::Nothing => (plain, Vec::new()),
        Proof::P256 => (service.address(), service.ca_der().to_vec()),
        Proof::Rsa => {
            let front = Front::start(plain)?;
            (front.address(), front.root().to_vec())
        }
    };
    let lan = Lan::new(address)?;
    let mut board = Emulated::boot(image, &lan, &[("ca.der", &root)])?;
    let heap = match proof {
        Proof::Nothing => 0,
        Proof::P256 | Proof::Rsa => board.until("heap ")?.split(' ').next().ok_or("no figure")?.parse()?,
    };
    let stack = board.until("stack ")?.parse()?;
    let path = PathBuf::from(env::var("GRAPH_CALL_FIRMWARE")?).join(image);
    let listing = String::from_utf8(Command::new("arm-none-eabi-size").arg("-A").arg(path).output()?.stdout)?;
    let sum = |names: &[&str]| -> u32 {
        let rows = listing.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
        let sizes = rows.filter(|row| row.len() == 3 && names.contains(&row[0]));
        sizes.filter_map(|row| row[1].parse::<u32>().ok()).sum()
    };
    let (flash, ram) = (sum(&FLASH), sum(&RAM));
    Ok([flash, ram, heap, stack, ram + stack])
}

#[test]
#[ignore = "needs the firmware images: ./ci.sh firmware"]
fn the_page_says_what_the_programs_take() -> Result {
    let programs = [
        ("`bare_plain`: tiny, no TLS", "bare_plain", Proof::Nothing),
        ("`bare_secure`: tiny, TLS", "bare_secure", Proof::P256),
        ("`embassy_plain`: tiny, no TLS", "embassy_plain", Proof::Nothing),
        ("`embassy_secure`: tiny, TLS", "embassy_secure", Proof::P256),
        ("`embassy_standard`: standard, TLS", "embassy_standard", Proof::P256),
        ("`room_panel`: two calls with a roster, TLS, display", "room_panel", Proof::P256),
        ("`bare_secure`, RSA with an intermediate, as Graph's hosts", "bare_secure", Proof::Rsa),
        ("`embassy_secure`, RSA with an intermediate, as Graph's hosts", "embassy_secure", Proof::Rsa),
    ];
    let costs = thread::scope(|scope| {
        let runs = programs.map(|(_, image, proof)| {
            scope.spawn(move || costs(image, proof).map_err(|failure| format!("{image}: {failure}")))
        });
        runs.into_iter()
            .map(|run| run.join().map_err(|_| "a test panicked")?)
            .collect::<std::result::Result<Vec<_>, _>>()
    })?;
    let mut page = Page::open("firmware.md")?;
    for ((row, ..), costs) in programs.iter().zip(&costs) {
        page.say(row, costs)?;
    }
    let [flash, .., ram] = costs[3].map(|bytes| (bytes + 500) / 1_000);
    let mut front = Page::open("../README.md")?;
    front.say_between("takes about ", " KB of flash", flash)?;
    front.say_between("KB of flash and ", " KB of RAM", ram)?;
    front.close()?;
    let measured = Page::open("footprint.md")?;
    for (what, flash, stack, state) in [
        ("parse", "flash: parser and model", "a parse", "RAM: `Parser`"),
        ("get", "flash: the whole exchange", "an exchange", "RAM: `Exchange`"),
        (
            "whole job",
            "flash: the whole job, sign-in and watch included",
            "a job",
            "RAM: `Session`, 512 bytes of head, 2,048 of token",
        ),
    ] {
        let flash = measured.figure(flash)?;
        let stack = measured.figure(&format!("stack of {stack}, static bound for any input"))?;
        for (preset, call) in [("tiny", "RAM: `TinyCall`"), ("standard", "RAM: `Call`")] {
            let ram = measured.figure(state)? + measured.figure(call)?;
            page.say(&format!("{what}, {preset}"), &[flash, ram, stack, ram + stack])?;
        }
    }
    page.close()
}
