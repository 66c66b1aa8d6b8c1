//! What common hosts must be told: files with a hash in their name never change, the manifest is asked for each
//! time, wasm has its type, and the policy that the package runs under.

use crate::publish::publish;
use foldin::error::Result;
use std::path::Path;

/// First lines of files that are ours to overwrite.
const OURS: &str = "# foldin bundle";

const IMMUTABLE: &str = "public, max-age=31536000, immutable";
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'";

/// Writes `_headers` (Netlify, Cloudflare Pages) and `.htaccess` (Apache), unless somebody else's are there, and
/// `headers/` with what is copied into the configuration of nginx, Vercel and Firebase.
pub(super) fn write(folder: &Path, base: &str) -> Result<()> {
    for (name, text) in [("_headers", pages(base)), (".htaccess", apache())] {
        let path = folder.join(name);
        let foreign = std::fs::read(&path).is_ok_and(|text| !text.starts_with(OURS.as_bytes()));
        let path = if foreign { folder.join("headers").join(name) } else { path };
        publish(&path, &[text.as_bytes()])?;
    }
    publish(&folder.join("headers/nginx.conf"), &[nginx(base).as_bytes()])?;
    publish(&folder.join("headers/vercel.json"), &[vercel(base).as_bytes()])?;
    publish(&folder.join("headers/firebase.json"), &[firebase(base).as_bytes()])
}

fn pages(base: &str) -> String {
    format!(
        "{OURS}: for Netlify and Cloudflare Pages
{base}*
  Content-Security-Policy: {POLICY}
  X-Content-Type-Options: nosniff
{base}models/*
  Cache-Control: {IMMUTABLE}
{base}foldin/*
  Cache-Control: {IMMUTABLE}
{base}foldin/*.wasm
  Content-Type: application/wasm
{base}foldin.json
  Cache-Control: no-cache
{base}load.js
  Cache-Control: no-cache
"
    )
}

fn apache() -> String {
    format!(
        r#"{OURS}: for Apache with mod_headers, mod_mime and mod_rewrite
AddType application/wasm .wasm
AddType application/octet-stream .safetensors
<IfModule mod_headers.c>
  Header set Content-Security-Policy "{POLICY}"
  Header set X-Content-Type-Options "nosniff"
  Header set Cache-Control "no-cache"
  <If "%{{REQUEST_URI}} =~ m#/(models|foldin)/#">
    Header set Cache-Control "{IMMUTABLE}"
  </If>
</IfModule>
<IfModule mod_rewrite.c>
  RewriteEngine On
  RewriteCond %{{HTTP:Accept-Encoding}} br
  RewriteCond %{{REQUEST_FILENAME}}.br -f
  RewriteRule ^(.*)$ $1.br [L]
  RewriteCond %{{HTTP:Accept-Encoding}} gzip
  RewriteCond %{{REQUEST_FILENAME}}.gz -f
  RewriteRule ^(.*)$ $1.gz [L]
  <FilesMatch "\.js\.(br|gz)$">
    ForceType text/javascript
  </FilesMatch>
  <FilesMatch "\.wasm\.(br|gz)$">
    ForceType application/wasm
  </FilesMatch>
  Header set Content-Encoding br "expr=%{{REQUEST_FILENAME}} =~ /\.br$/"
  Header set Content-Encoding gzip "expr=%{{REQUEST_FILENAME}} =~ /\.gz$/"
  Header append Vary Accept-Encoding
</IfModule>
"#
    )
}

fn nginx(base: &str) -> String {
    format!(
        r#"{OURS}: inside a server block of nginx. brotli_static needs ngx_brotli; without it, leave its lines out.
location {base} {{
  gzip_static on;
  brotli_static on;
  types {{
    application/wasm wasm;
    text/javascript js mjs;
    application/json json;
    text/html html;
    text/css css;
    image/svg+xml svg;
    application/octet-stream safetensors;
  }}
  add_header Content-Security-Policy "{POLICY}";
  add_header X-Content-Type-Options nosniff;
  add_header Cache-Control no-cache;
}}
location ~ ^{base}(models|foldin)/ {{
  gzip_static on;
  brotli_static on;
  types {{
    application/wasm wasm;
    text/javascript js mjs;
    application/octet-stream safetensors;
  }}
  add_header X-Content-Type-Options nosniff;
  add_header Cache-Control "{IMMUTABLE}";
}}
"#
    )
}

/// (pattern of the path below the base, header, value); later ones win.
const RULES: [(&str, &str, &str); 5] = [
    ("**", "Content-Security-Policy", POLICY),
    ("**", "Cache-Control", "no-cache"),
    ("models/**", "Cache-Control", IMMUTABLE),
    ("foldin/**", "Cache-Control", IMMUTABLE),
    ("foldin/**/*.wasm", "Content-Type", "application/wasm"),
];

fn vercel(base: &str) -> String {
    let rule = |(pattern, key, value): (&str, &str, &str)| {
        let source = format!("{base}{}", pattern.replace("**/*", "(.*)").replace("**", "(.*)"));
        serde_json::json!({ "source": source, "headers": [{ "key": key, "value": value }] })
    };
    pretty(&serde_json::json!({ "headers": RULES.map(rule) }))
}

fn firebase(base: &str) -> String {
    let rule = |(pattern, key, value): (&str, &str, &str)| serde_json::json!({ "source": format!("{base}{pattern}"), "headers": [{ "key": key, "value": value }] });
    pretty(&serde_json::json!({ "hosting": { "headers": RULES.map(rule) } }))
}

fn pretty(document: &serde_json::Value) -> String {
    serde_json::to_string_pretty(document).expect("plain data always serialises") + "\n"
}
