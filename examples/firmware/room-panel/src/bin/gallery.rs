//! Draws one picture of each kind, and keeps them as files: what the panel looks like, always the same.

#![no_std]
#![no_main]

use core::ffi::CStr;

use cortex_m_rt::entry;
use graph_call::Call;
use room_panel::display::Display;
use room_panel::{Line, OPTIONS, Panel, View, draw};
use static_cell::ConstStaticCell;

static CALL: ConstStaticCell<Call<Panel>> = ConstStaticCell::new(Call::empty());

/// A picture: its file, a call or none, the connection, seconds of the call, seconds since the last reading.
type Picture = (&'static CStr, Option<&'static [u8]>, Line, Option<u32>, u32);

const IN_CALL: &[u8] = r#"{
    "state": "established", "direction": "outgoing", "subject": "Quarterly review", "myParticipantId": "7",
    "targets": [{ "identity": { "user": { "displayName": "Zo\u00eb M\u00fcller-L\u00fcdenscheidt" } } }, {}, {}],
    "participants": [{ "id": "7", "isMuted": true }]
}"#
.as_bytes();

const PICTURES: [Picture; 8] = [
    (c"starting.565", None, Line::Starting, None, 0),
    (c"in-call.565", Some(IN_CALL), Line::Online, Some(754), 0),
    (
        c"incoming.565",
        Some(br#"{"state":"incoming","direction":"incoming","source":{"identity":{"phone":{"id":"+49 30 901820"}}}}"#),
        Line::Online,
        None,
        0,
    ),
    (
        c"connecting.565",
        Some(br#"{"state":"establishing","direction":"outgoing","subject":"Stand-up","targets":[{"identity":{"user":{"displayName":"John"}}}]}"#),
        Line::Trouble("The service is busy"),
        None,
        2,
    ),
    (c"offline.565", Some(IN_CALL), Line::Offline, Some(940), 186),
    (
        c"on-hold.565",
        Some("{\"state\":\"hold\",\"direction\":\"outgoing\",\"subject\":\"\u{201e}Fa\u{df}brause\u{201c} \u{2013} d\u{e9}gustation\",\"targets\":[{\"identity\":{\"user\":{\"displayName\":\"Hubert Blaine Wolfeschlegelsteinhausenbergerdorff\"}}}]}".as_bytes()),
        Line::Online,
        Some(3_725),
        0,
    ),
    (
        c"another-script.565",
        Some("{\"state\":\"established\",\"direction\":\"incoming\",\"subject\":\"\u{1F680} Launch \u{1F680}\",\"source\":{\"identity\":{\"guest\":{\"displayName\":\"\u{5c71}\u{7530}\u{592a}\u{90ce}\",\"email\":\"taro@contoso.example\"}}}}".as_bytes()),
        Line::Online,
        Some(61),
        0,
    ),
    (
        c"ended.565",
        Some(br#"{"state":"terminated","direction":"outgoing","targets":[{"identity":{"user":{"displayName":"John"}}}],"resultInfo":{"code":487,"message":"Nobody answered the call"}}"#),
        Line::Online,
        None,
        0,
    ),
];

#[entry]
fn main() -> ! {
    let Some(mut display) = Display::take() else { device::end(false) };
    let call = CALL.take();
    for (file, body, line, lasts, age) in PICTURES {
        if let Some(Err(error)) = body.map(|body| call.parse_into_with(body, OPTIONS)) {
            defmt::error!("{}", error);
            device::end(false)
        }
        let shown = body.map(|_| &*call);
        let view = View { room: "Room Ada Lovelace", call: shown, line, lasts, age };
        let Ok(()) = draw(&view, &mut display);
        if display.keep(file).is_err() {
            defmt::error!("a picture cannot be kept");
            device::end(false)
        }
    }
    device::end(true)
}
