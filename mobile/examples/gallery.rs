//! Draws every screen in its states into `target/gallery/*.html`, to be looked at in a browser without a device core.
//!
//! `cargo run -p bianfang-mobile --example gallery --features sample`

use std::fs;
use std::path::Path;

use bianfang_mobile::i18n::Lang;
use bianfang_mobile::sample::{SCENES, blocked, draw, draw_owned};

fn main() -> std::io::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the package lies in the repository");
    let folder = root.join("target/gallery");
    fs::create_dir_all(&folder)?;
    let styles =
        [root.join("assets/node_modules/weui/dist/style/weui.min.css"), root.join("assets/styles/app.css")];
    for lang in Lang::ALL {
        for scene in SCENES {
            write(&folder, lang, scene.name, &draw(*scene, lang), &styles)?;
        }
        for (name, ownership) in blocked() {
            write(&folder, lang, name, &draw_owned(SCENES[0], lang, ownership), &styles)?;
        }
    }
    Ok(())
}

fn write(
    folder: &Path,
    lang: Lang,
    name: &str,
    body: &str,
    styles: &[std::path::PathBuf],
) -> std::io::Result<()> {
    let tag = lang.tag();
    let links: String = styles
        .iter()
        .map(|style| format!(r#"<link rel="stylesheet" href="file://{}">"#, style.display()))
        .collect();
    // What a browser's field holds is a property, which drawing to text knows only as an attribute of its own.
    let body = body.replace(" initial_value=\"", " value=\"");
    let page = format!(
        r#"<!doctype html><html lang="{tag}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">{links}</head><body data-weui-theme="light"><div id="app">{body}</div></body></html>"#
    );
    fs::write(folder.join(format!("{name}-{tag}.html")), page)
}
