//! What goes along with what is published: `THIRD-PARTY.txt`, in which every part has its licence, and `sbom.cdx.json`, a
//! list of the parts for programs (CycloneDX 1.6).

use crate::shipped::{Part, Product};
use anyhow::Result;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

pub const NOTICES: &str = "THIRD-PARTY.txt";
pub const SBOM: &str = "sbom.cdx.json";

/// Writes both into `folder`.
pub fn write(product: &Product, folder: &Path) -> Result<()> {
    let parts = product.parts()?;
    fs::create_dir_all(folder)?;
    fs::write(folder.join(NOTICES), notices(product.name, &parts)?)?;
    fs::write(folder.join(SBOM), serde_json::to_string_pretty(&sbom(product, &parts))? + "\n")?;
    Ok(())
}

fn notices(product: &str, parts: &[Part]) -> Result<String> {
    let mut text = format!("{product} contains what others wrote, under these licences:\n\n");
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for part in parts {
        writeln!(text, "{} ({}) {}", part.id(), part.license, part.page)?;
        for licence in part.texts()? {
            by_text.entry(licence).or_default().push(part.id());
        }
    }
    for (licence, parts) in by_text {
        write!(text, "\n{}\n{}:\n\n{licence}\n", "-".repeat(80), parts.join(", "))?;
    }
    Ok(text)
}

fn sbom(product: &Product, parts: &[Part]) -> Value {
    let version = env!("CARGO_PKG_VERSION");
    let reference = |part: &Part| format!("pkg:{}/{}", part.kind, part.id());
    let component = |part: &Part| {
        json!({
            "type": "library",
            "bom-ref": reference(part),
            "name": part.name,
            "version": part.version,
            "licenses": [{ "expression": part.license.replace('/', " OR ") }],
            "purl": reference(part),
        })
    };
    let uses = |part: &Part| {
        let of_part = |id: &String| parts.iter().find(|other| other.id() == *id).map(reference);
        json!({ "ref": reference(part), "dependsOn": part.uses.iter().filter_map(of_part).collect::<Vec<_>>() })
    };
    // No time and no random number: the same sources have the same list.
    json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": {
            "type": "library",
            "bom-ref": product.name,
            "name": product.name,
            "version": version,
            "licenses": [{ "expression": "MIT OR Apache-2.0" }],
        } },
        "components": parts.iter().map(component).collect::<Vec<_>>(),
        "dependencies": parts.iter().map(uses).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shipped::{COMMAND, PACKAGE};

    /// In which cargo and the scripts lie where a chore has them.
    fn parts(product: &Product) -> Vec<Part> {
        std::env::set_current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("..")).unwrap();
        product.parts().unwrap()
    }

    #[test]
    fn every_crate_in_the_command_and_the_wasm_is_named_with_its_licence() {
        for (product, inside, outside) in
            [(&COMMAND, ["parquet", "clap"], "wasm-bindgen"), (&PACKAGE, ["wasm-bindgen", "libm"], "clap")]
        {
            let parts = parts(product);
            let has = |name: &str| parts.iter().any(|part| part.name == name);
            assert!(inside.iter().all(|name| has(name)) && !has(outside), "{}", product.name);
            assert!(
                !has("foldin") && !has("serde_derive") && !has("proptest"),
                "own, built with, tested with"
            );
            let crates: Vec<Part> = parts.into_iter().filter(|part| part.kind == "cargo").collect();
            let text = notices(product.name, &crates).unwrap();
            let list = sbom(product, &crates);
            assert_eq!(list["components"].as_array().unwrap().len(), crates.len());
            for part in &crates {
                assert!(text.contains(&format!("{} ({})", part.id(), part.license)), "{}", part.id());
                assert!(list.to_string().contains(&format!("pkg:cargo/{}", part.id())), "{}", part.id());
            }
            assert!(text.contains("Permission is hereby granted"), "the text of a licence");
            assert!(text == notices(product.name, &crates).unwrap(), "the same again");
        }
    }

    #[test]
    fn npm_packages_in_the_scripts_are_named() {
        let npm: Vec<Part> = parts(&PACKAGE).into_iter().filter(|part| part.kind == "npm").collect();
        let names: Vec<&str> = npm.iter().map(|part| part.name.as_str()).collect();
        assert!(names.contains(&"idb") && !names.contains(&"vite"), "{names:?}");
    }
}
