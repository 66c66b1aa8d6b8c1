//! A static file server for one folder on this machine, as any static host would serve it.

use anyhow::{Context, Result, anyhow};
use std::fs::{self, File};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;
use tiny_http::{HTTPVersion, Header, Method, Request, Response, Server, StatusCode};

/// Fails when somebody else has `port`: better said before the long work than after.
pub fn check_free(port: u16) -> Result<()> {
    std::net::TcpListener::bind(("127.0.0.1", port)).map(drop).map_err(|error| {
        anyhow!("port {port} cannot be had ({error}); end what uses it, or choose another with --port")
    })
}

/// Serves `folder` on 127.0.0.1 from threads of its own until the process ends, and returns the address.
/// Port 0 takes any that is free.
pub fn start(folder: &Path, port: u16) -> Result<String> {
    let root = folder.canonicalize().with_context(|| format!("cannot serve {}", folder.display()))?;
    let server =
        Server::http(("127.0.0.1", port)).map_err(|error| anyhow!("cannot serve on port {port}: {error}"))?;
    let address = format!("http://{}/", server.server_addr());
    std::thread::spawn(move || {
        for request in server.incoming_requests() {
            let root = root.clone();
            // A thread each: a page that reads one answer slowly, or never to its end, keeps no other waiting. A
            // visitor who goes away in the middle is no error.
            std::thread::spawn(move || drop(answer(&root, request)));
        }
    });
    Ok(address)
}

fn answer(root: &Path, request: Request) -> std::io::Result<()> {
    if !matches!(request.method(), Method::Get | Method::Head) {
        return reply(request, plain(405, "only GET and HEAD"));
    }
    let Some(path) = resolve(root, request.url()) else {
        return reply(request, plain(404, "not found"));
    };
    let tag = tag(&path)?;
    let known =
        request.headers().iter().any(|header| header.field.equiv("If-None-Match") && header.value == *tag);
    // `no-cache` lets a browser keep the file, but ask each time whether it changed.
    let headers =
        [header("Content-Type", mime(&path)), header("ETag", &tag), header("Cache-Control", "no-cache")];
    if known {
        return reply(request, headers.into_iter().fold(Response::empty(304), Response::with_header));
    }
    let file = Response::from_file(File::open(path)?);
    reply(request, headers.into_iter().fold(file, Response::with_header))
}

/// Answers as HTTP 1.0 does: in one piece, whose length tells the page how far it has come, and the browser then ends
/// the connection. Those that stay hold a thread of tiny_http's pool each, and of a burst of new ones the pool lets
/// some wait for these threads for ever: it takes threads for idle that it has just given work.
fn reply<R: Read>(request: Request, response: Response<R>) -> std::io::Result<()> {
    let bodyless = *request.method() == Method::Head;
    let mut writer = request.into_writer();
    response.raw_print(&mut writer, HTTPVersion(1, 0), &[], bodyless, None)?;
    writer.flush()
}

/// The file that `url`, as it stands in a request, names below `root`; None where there is none. A folder
/// stands for its `index.html`. Neither `..` nor a link leads out of `root`, which is canonical.
fn resolve(root: &Path, url: &str) -> Option<PathBuf> {
    let path = percent_decode(url.split(['?', '#']).next()?)?;
    let mut file = root.to_owned();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        if part == "." || part == ".." || part.contains(['\\', ':', '\0']) {
            return None;
        }
        file.push(part);
    }
    if file.is_dir() {
        file.push("index.html");
    }
    let file = file.canonicalize().ok()?;
    (file.starts_with(root) && file.is_file()).then_some(file)
}

/// None for what is no UTF-8 or ends within an escape.
fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'%' => {
                let mut digit = || char::from(bytes.next()?).to_digit(16);
                (digit()? * 16 + digit()?) as u8
            }
            other => other,
        });
    }
    String::from_utf8(decoded).ok()
}

/// Changes whenever the file does.
fn tag(path: &Path) -> std::io::Result<String> {
    let metadata = fs::metadata(path)?;
    let modified = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(format!("\"{:x}-{:x}\"", metadata.len(), modified.as_nanos()))
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|extension| extension.to_str()).unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json",
        "webmanifest" => "application/manifest+json",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "txt" | "csv" => "text/plain; charset=utf-8",
        _ => "application/octet-stream", // .safetensors among them
    }
}

fn header(name: &str, value: &str) -> Header {
    Header::from_bytes(name, value).expect("a header of plain ASCII")
}

fn plain(status: u16, message: &str) -> Response<std::io::Cursor<Vec<u8>>> {
    Response::from_string(message).with_status_code(StatusCode(status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;

    /// `site/` to be served, with `index.html`, `a b.wasm` and `sub/index.html`; `secret` beside it.
    fn site() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("site");
        fs::create_dir_all(root.join("sub")).unwrap();
        for file in ["site/index.html", "site/a b.wasm", "site/sub/index.html", "secret"] {
            fs::write(folder.path().join(file), file).unwrap();
        }
        (folder, root.canonicalize().unwrap())
    }

    #[test]
    fn finds_files_and_the_index_of_a_folder() {
        let (_folder, root) = site();
        assert_eq!(resolve(&root, "/"), Some(root.join("index.html")));
        assert_eq!(resolve(&root, "/index.html?v=1#top"), Some(root.join("index.html")));
        assert_eq!(resolve(&root, "/a%20b.wasm"), Some(root.join("a b.wasm")));
        assert_eq!(resolve(&root, "/sub/"), Some(root.join("sub/index.html")));
        assert_eq!(resolve(&root, "/nothing"), None);
    }

    #[test]
    fn nothing_leads_out_of_the_folder() {
        let (_folder, root) = site();
        for url in [
            "/../secret",
            "/%2e%2e/secret",
            "/..%2fsecret",
            "/sub/../../secret",
            "/..\\secret",
            "/%00",
            "/%f",
            "/%zz",
        ] {
            assert_eq!(resolve(&root, url), None, "{url}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_does_not_lead_out_either() {
        let (folder, root) = site();
        std::os::unix::fs::symlink(folder.path().join("secret"), root.join("link")).unwrap();
        assert_eq!(resolve(&root, "/link"), None);
    }

    #[test]
    fn browsers_start_wasm_and_modules_only_with_these_types() {
        assert_eq!(mime(Path::new("foldin_bg.wasm")), "application/wasm");
        assert_eq!(mime(Path::new("index.js")), "text/javascript; charset=utf-8");
        assert_eq!(mime(Path::new("movies.safetensors")), "application/octet-stream");
    }

    fn ask(address: &str, request: &str) -> String {
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        let mut stream = TcpStream::connect(host).unwrap();
        write!(stream, "{request}Connection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    #[test]
    fn a_browser_that_has_the_file_is_told_so() {
        let (_folder, root) = site();
        let address = start(&root, 0).unwrap();
        let first = ask(&address, "GET / HTTP/1.1\r\nHost: x\r\n");
        assert!(first.starts_with("HTTP/1.0 200") && first.ends_with("site/index.html"), "{first}");
        let tag = first.lines().find_map(|line| line.strip_prefix("ETag: ")).unwrap();
        let second = ask(&address, &format!("GET / HTTP/1.1\r\nHost: x\r\nIf-None-Match: {tag}\r\n"));
        assert!(second.starts_with("HTTP/1.0 304"), "{second}");
        assert!(ask(&address, "POST / HTTP/1.1\r\nHost: x\r\n").starts_with("HTTP/1.0 405"));
    }

    /// As a browser: the connection ends with the answer where HTTP 1.0 says so, and else stays open.
    fn visit(host: &str) -> Option<TcpStream> {
        let mut stream = TcpStream::connect(host).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_secs(5))).unwrap();
        write!(stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
        let mut answer = [0; 2048];
        let read = stream.read(&mut answer).expect("an answer");
        (!answer[..read].starts_with(b"HTTP/1.0")).then_some(stream)
    }

    #[test]
    fn a_burst_of_connections_is_answered_to_the_last() {
        let (_folder, root) = site();
        let address = start(&root, 0).unwrap();
        let host = address.trim_start_matches("http://").trim_end_matches('/');
        std::thread::scope(|scope| {
            let visits: Vec<_> = (0..64).map(|_| scope.spawn(|| visit(host))).collect();
            let kept: Vec<_> = visits.into_iter().map(|visit| visit.join().unwrap()).collect();
            assert_eq!(kept.len(), 64);
        });
    }

    #[test]
    fn a_busy_port_is_named_with_the_way_out() {
        let taken = std::net::TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = check_free(port).unwrap_err().to_string();
        assert!(error.contains(&port.to_string()) && error.contains("--port"), "{error}");
        drop(taken);
        check_free(port).unwrap();
    }
}
