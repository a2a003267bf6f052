//! Puts the finished site together: names by content, the service worker's list, packed copies.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use sha2::{Digest, Sha256};

use super::{Flavour, bindings, pack};
use crate::command::say;
use crate::paths;

/// Replaced in the shell's files by the build's id.
const BUILD_MARK: &str = "__BUILD__";
/// Replaced in the service worker by the list of the shell's addresses.
const FILES_MARK: &str = "\"__FILES__\"";
/// Holds the id of the build in a finished site. Written last.
const ID_FILE: &str = "build-id.txt";
const ID_CHARS: usize = 16;

/// Everything that the site is made from.
pub(crate) struct Inputs {
    module: Vec<u8>,
    /// Address in the site, `build/` standing for the build's own folder → content.
    files: BTreeMap<String, Vec<u8>>,
    build_id: String,
}

impl Inputs {
    pub(crate) fn read(module: &Path, flavour: Flavour) -> anyhow::Result<Self> {
        let module = fs::read(module).with_context(|| format!("reading {}", module.display()))?;
        let mut files = BTreeMap::new();
        let assets = paths::assets();
        collect(&assets.join("web"), "", &mut files)?;
        collect(&assets.join("styles"), "build/styles/", &mut files)?;
        let weui = assets.join("node_modules/weui");
        for (from, to) in [("dist/style/weui.min.css", "weui.css"), ("LICENSE.txt", "weui-LICENSE.txt")] {
            let content = fs::read(weui.join(from)).with_context(|| format!("reading {from} of weui"))?;
            files.insert(format!("build/styles/{to}"), content);
        }
        let build_id = id_of(&module, &files, flavour);
        Ok(Self { module, files, build_id })
    }

    pub(crate) fn build_id(&self) -> &str {
        &self.build_id
    }
}

/// Whether just this was assembled before.
pub(crate) fn is_current(site: &Path, inputs: &Inputs) -> bool {
    fs::read_to_string(site.join(ID_FILE)).is_ok_and(|id| id == inputs.build_id)
}

/// Assembles beside the old site and then takes its place, so that a running server never serves half of one.
pub(crate) fn assemble(site: &Path, inputs: &Inputs, flavour: Flavour) -> anyhow::Result<()> {
    let next = site.with_extension("next");
    remove(&next)?;
    let build = next.join("build").join(&inputs.build_id);
    fs::create_dir_all(&build)?;
    bindings::generate(&inputs.module, &build)?;
    for (address, content) in &inputs.files {
        write(&next.join(own_folder(address, &inputs.build_id)), &filled(content, &inputs.build_id))?;
    }
    let shell = addresses(&next)?;
    list_in_service_worker(&next, &shell)?;
    for address in &shell {
        pack::pack(&next.join(address), flavour)?;
    }
    fs::write(next.join(ID_FILE), &inputs.build_id)?;
    remove(site)?;
    fs::rename(&next, site)?;
    report(site, &inputs.build_id)
}

fn id_of(module: &[u8], files: &BTreeMap<String, Vec<u8>>, flavour: Flavour) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &[u8]| {
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    };
    add(format!("{flavour:?}").as_bytes());
    // The tool that finishes the module is an input too.
    add(include_bytes!("bindings.rs"));
    add(module);
    for (address, content) in files {
        add(address.as_bytes());
        add(content);
    }
    let digest = hash.finalize();
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(ID_CHARS).collect()
}

fn collect(folder: &Path, prefix: &str, files: &mut BTreeMap<String, Vec<u8>>) -> anyhow::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for address in addresses(folder)? {
        let content = fs::read(folder.join(&address))?;
        files.insert(format!("{prefix}{address}"), content);
    }
    Ok(())
}

/// Every file below `folder`, as addresses relative to it, in order.
fn addresses(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(dir) = waiting.pop() {
        for entry in fs::read_dir(&dir).with_context(|| format!("reading {}", dir.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.push(relative(folder, &path)?);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn relative(folder: &Path, path: &Path) -> anyhow::Result<String> {
    let parts = path.strip_prefix(folder)?.iter();
    let parts: Option<Vec<&str>> = parts.map(|part| part.to_str()).collect();
    Ok(parts.with_context(|| format!("{} is not UTF-8", path.display()))?.join("/"))
}

fn own_folder(address: &str, build_id: &str) -> PathBuf {
    match address.strip_prefix("build/") {
        Some(rest) => PathBuf::from("build").join(build_id).join(rest),
        None => PathBuf::from(address),
    }
}

fn filled(content: &[u8], build_id: &str) -> Vec<u8> {
    match std::str::from_utf8(content) {
        Ok(text) => text.replace(BUILD_MARK, build_id).into_bytes(),
        Err(_) => content.to_vec(),
    }
}

/// The service worker keeps all of the shell but itself.
fn list_in_service_worker(site: &Path, shell: &[String]) -> anyhow::Result<()> {
    let file = site.join("sw.js");
    let kept = shell.iter().filter(|address| *address != "sw.js" && !address.ends_with(".txt"));
    let list = kept.map(|address| format!("\"/{address}\"")).collect::<Vec<_>>().join(",\n  ");
    let text = fs::read_to_string(&file).context("reading sw.js")?;
    fs::write(&file, text.replace(FILES_MARK, &list)).context("writing sw.js")
}

fn write(file: &Path, content: &[u8]) -> anyhow::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, content).with_context(|| format!("writing {}", file.display()))
}

fn remove(folder: &Path) -> anyhow::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

fn report(site: &Path, build_id: &str) -> anyhow::Result<()> {
    let module = site.join("build").join(build_id).join("app_bg.wasm");
    let packed = fs::metadata(module.with_extension("wasm.br"))?.len();
    let bytes = fs::metadata(&module)?.len();
    say(
        "Finished",
        &format!("web client {build_id}: module {} KB, {} KB as sent", bytes / 1000, packed / 1000),
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_changes_with_any_content_and_with_nothing_else() {
        let files = BTreeMap::from([("index.html".to_owned(), b"a".to_vec())]);
        let same = id_of(b"module", &files.clone(), Flavour::Quick);
        assert_eq!(id_of(b"module", &files, Flavour::Quick), same);
        assert_ne!(id_of(b"modulE", &files, Flavour::Quick), same);
        let changed = BTreeMap::from([("index.html".to_owned(), b"b".to_vec())]);
        assert_ne!(id_of(b"module", &changed, Flavour::Quick), same);
    }

    #[test]
    fn build_files_move_into_the_folder_of_their_build() {
        assert_eq!(own_folder("build/styles/app.css", "ab"), PathBuf::from("build/ab/styles/app.css"));
        assert_eq!(own_folder("index.html", "ab"), PathBuf::from("index.html"));
    }

    #[test]
    fn pictures_are_not_touched_when_marks_are_filled_in() {
        assert_eq!(filled(b"x __BUILD__ y", "ab"), b"x ab y");
        assert_eq!(filled(&[0xff, 0xfe, b'_'], "ab"), [0xff, 0xfe, b'_']);
    }
}
