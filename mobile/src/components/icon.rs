//! Our own icons, drawn as lines in the colour of the text around them. Always beside words, so hidden from readers.

use dioxus::prelude::*;

/// What an icon shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// 今日.
    Today,
    /// 台账.
    Ledger,
    /// 上传.
    Upload,
    /// 我的.
    Person,
    /// 审核.
    Review,
    /// Two ways apart: a conflict.
    Fork,
    /// A box: set aside.
    SetAside,
    /// In order.
    Check,
    /// Be careful.
    Warn,
    /// Not in order.
    Cross,
    /// Good to know.
    Info,
    /// Cannot be told.
    Unknown,
    /// On this device.
    Device,
    /// At the centre.
    Cloud,
    /// A place.
    Pin,
    /// Searching.
    Search,
    /// Going back.
    Back,
    /// Goes on to another screen.
    Onward,
    /// Shown in the clear.
    Eye,
    /// Hidden.
    EyeOff,
    /// Time.
    Clock,
    /// Changing by hand.
    Pencil,
    /// A file to keep.
    Download,
    /// Once more.
    Again,
    /// No signal.
    NoSignal,
    /// A house, a household.
    House,
    /// Sent back.
    Return,
    /// Taken back.
    Minus,
    /// The camera.
    Camera,
    /// A picture from the phone's files.
    Image,
    /// A house that may be dangerous.
    Cracked,
    /// Water.
    Drop,
    /// A public post.
    Badge,
    /// A problem.
    Flag,
    /// Throwing away.
    Trash,
    /// The camera's light.
    Torch,
    /// The other lens.
    Swap,
    /// Something new.
    Plus,
    /// On paper.
    Print,
}

impl Sign {
    fn path(self) -> &'static str {
        match self {
            Self::Today => "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4M8.5 15l2.5 2.5 4.5-5",
            Self::Ledger => "M6 3h13v18H6a2 2 0 0 1-2-2V5a2 2 0 0 1 2-2zM8 3v18M11.5 8h4M11.5 12h4",
            Self::Upload => "M12 20V9M7.5 13L12 8.5l4.5 4.5M4 4h16",
            Self::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c1-4 4-6 7.5-6s6.5 2 7.5 6",
            Self::Review => "M9 4H5v17h14V4h-4M9 2.5h6v4H9zM8.5 14l2.5 2.5 4.5-5",
            Self::Fork => {
                "M12 21v-6M12 15c0-4-6-4-6-10M12 15c0-4 6-4 6-10M3.5 7.5L6 4.5l2.5 3M15.5 7.5l2.5-3 2.5 3"
            }
            Self::SetAside => "M4 13l3-9h10l3 9v7H4zM4 13h5l1.5 3h3L15 13h5",
            Self::Check => "M4.5 12.5l5 5 10-11",
            Self::Warn => "M12 3.5L22 20.5H2zM12 10v5M12 17.5v.5",
            Self::Cross => "M6 6l12 12M18 6L6 18",
            Self::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v6M12 7.5V8",
            Self::Unknown => {
                "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM9.5 9.5a2.5 2.5 0 1 1 3.5 2.300c-.7.4-1 .9-1 1.700M12 16.5v.5"
            }
            Self::Device => "M7 2.5h10v19H7zM11 18.5h2",
            Self::Cloud => {
                "M7 19a4.5 4.5 0 0 1-.5-9 6 6 0 0 1 11.5 1.5A3.8 3.8 0 0 1 17.5 19zM9 14l2.2 2.2 4-4.2"
            }
            Self::Pin => {
                "M12 21.5s7-6.5 7-12a7 7 0 1 0-14 0c0 5.5 7 12 7 12zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z"
            }
            Self::Search => "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5L21 21",
            Self::Back => "M15 4l-8 8 8 8",
            Self::Onward => "M9 5l7 7-7 7",
            Self::Eye => {
                "M2 12s3.5-6.5 10-6.5S22 12 22 12s-3.5 6.5-10 6.5S2 12 2 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z"
            }
            Self::EyeOff => {
                "M4 4l16 16M9 6c1-.3 2-.5 3-.5 6.5 0 10 6.5 10 6.5s-1 2-3 3.700M6 8c-2.6 1.8-4 4-4 4s3.5 6.5 10 6.5c1.3 0 2.5-.2 3.5-.6"
            }
            Self::Clock => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
            Self::Pencil => "M4 20l1-5L16 4l4 4L9 19zM14 6l4 4",
            Self::Download => "M12 4v11M7.5 11L12 15.5 16.5 11M4 20h16",
            Self::Again => {
                "M20 5v5h-5M4 19v-5h5M5.5 9a7.5 7.5 0 0 1 13-1.5L20 10M18.5 15a7.5 7.5 0 0 1-13 1.5L4 14"
            }
            Self::NoSignal => {
                "M3 3l18 18M5 12.5c1-1 2.2-1.8 3.5-2.300M2 9c1.2-1.1 2.6-2 4-2.700M19 12.5c-1.5-1.5-3.5-2.4-5.5-2.700M22 9c-3-2.8-7-4-11-3.5M8.5 16a5 5 0 0 1 6 0M12 19.5v.5"
            }
            Self::House => "M3.5 11.5L12 4l8.5 7.5M6 9.5V20h12V9.5M10 20v-6h4v6",
            Self::Return => "M9 5L4 10l5 5M4 10h10a6 6 0 0 1 0 12H9",
            Self::Minus => "M5 12h14",
            Self::Camera => "M4 7h4l1.5-2.5h5L16 7h4v12.500H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
            Self::Image => "M4 5h16v14H4zM4 16.5l5-5 4 4 3-3 4 4M15.5 9.5v.01",
            Self::Cracked => "M3.5 11.5L12 4l8.5 7.5M6 9.5V20h12V9.5M12.5 9l-2.5 4h4l-2.5 4.500",
            Self::Drop => "M12 3.5c3.5 4.2 6 7 6 10.500a6 6 0 0 1-12 0c0-3.500 2.500-6.300 6-10.500z",
            Self::Badge => {
                "M9 3h6v3.500H9zM9 4.500H5V21h14V4.500h-4M12 14a2.300 2.300 0 1 0 0-4.600 2.300 2.300 0 0 0 0 4.600zM8 18.500c.7-2 2-3 4-3s3.300 1 4 3"
            }
            Self::Flag => "M6 21V4M6 4.500h12l-3 4 3 4H6",
            Self::Trash => "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10.5 11v5M13.5 11v5",
            Self::Torch => "M13 3L5 14h6l-1 7 8-11h-6z",
            Self::Swap => "M4 9h13M13.5 5.5L17 9l-3.500 3.500M20 15H7M10.5 11.5L7 15l3.500 3.500",
            Self::Plus => "M12 5v14M5 12h14",
            Self::Print => "M7 9V4h10v5M7 17H4V9h16v8h-3M7 14h10v6H7z",
        }
    }
}

/// An icon.
#[component]
pub fn Icon(sign: Sign) -> Element {
    rsx! {
        svg {
            class: "bf-icon",
            view_box: "0 0 24 24",
            fill: "none",
            stroke: "currentColor",
            "stroke-width": "2",
            "stroke-linecap": "round",
            "stroke-linejoin": "round",
            "aria-hidden": "true",
            path { d: sign.path() }
        }
    }
}
