//! Bytes into text: encodings and ends of lines, as the first bytes show them.

use super::encoding::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use super::unicode::Decoder;
use foldin::error::{Error, Result};
use std::io::{self, Read};

/// How the characters of a file are written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Writing {
    pub encoding: Encoding,
    /// Lines end in CR alone, as on an old Mac.
    pub cr: bool,
}

/// Finds out how a text is written, and shows its beginning; `given` is an encoding by its name.
///
/// Without a byte order mark UTF-16 shows in zeros, and of what is not UTF-8 the letters tell.
///
/// # Errors
/// [`foldin::Problem::Argument`] for a name that is no encoding's.
pub(super) fn sniff(head: &[u8], given: Option<&str>) -> Result<(Writing, String)> {
    let encoding = match given {
        Some(label) => Encoding::labelled(label).ok_or_else(|| {
            Error::argument(
                "encoding",
                "a name such as utf-8, utf-16le, windows-1252, shift_jis or gbk",
                label,
            )
        })?,
        None => match Encoding::marked(head) {
            Some(encoding) => encoding,
            None => utf_16(head).unwrap_or_else(|| if is_utf8(head) { UTF_8 } else { Encoding::guess(head) }),
        },
    };
    let text = encoding.decode(head);
    let text = text.trim_end_matches('\u{fffd}').to_owned();
    let bytes = text.as_bytes();
    let lone = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1).is_some_and(|&next| next != b'\n');
    let cr = (0..bytes.len()).filter(|&at| lone(at)).count();
    let cr = cr + usize::from(bytes.last() == Some(&b'\r'));
    let lf = bytes.iter().filter(|&&byte| byte == b'\n').count();
    let cr = cr > lf;
    let text = if cr { text.replace("\r\n", "\n").replace('\r', "\n") } else { text };
    Ok((Writing { encoding, cr }, text))
}

fn is_utf8(head: &[u8]) -> bool {
    match str::from_utf8(head) {
        Ok(_) => true,
        // A character may be cut at the end of what was looked at.
        Err(error) => error.error_len().is_none() && head.len() - error.valid_up_to() < 4,
    }
}

/// UTF-16 without a mark: of Latin letters every other byte is 0.
fn utf_16(head: &[u8]) -> Option<Encoding> {
    let head = &head[..head.len().min(4096)];
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd, most) = (zeros(0), zeros(1), head.len() / 2);
    if most < 2 {
        None
    } else if odd * 10 > most * 7 && even * 10 < most {
        Some(UTF_16LE)
    } else if even * 10 > most * 7 && odd * 10 < most {
        Some(UTF_16BE)
    } else {
        None
    }
}

impl Writing {
    /// The text in UTF-8, without a mark, its lines ended by LF or CR LF. What is UTF-8 goes through untouched.
    pub fn reader(self, source: Box<dyn Read>) -> Box<dyn Read> {
        let text: Box<dyn Read> = match self.encoding == UTF_8 {
            true => Box::new(Unmarked { inner: source, started: false }),
            false => Box::new(Decoded::new(source, self.encoding)),
        };
        match self.cr {
            true => Box::new(Lines { inner: text, after_cr: false }),
            false => text,
        }
    }
}

/// UTF-8 without its byte order mark.
struct Unmarked {
    inner: Box<dyn Read>,
    started: bool,
}

impl Read for Unmarked {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if std::mem::replace(&mut self.started, true) {
            return self.inner.read(buffer);
        }
        let mut first = Vec::new();
        self.inner.by_ref().take(3).read_to_end(&mut first)?;
        let kept = if first == b"\xef\xbb\xbf" { Vec::new() } else { first };
        let rest = std::mem::replace(&mut self.inner, Box::new(io::empty()));
        self.inner = Box::new(io::Cursor::new(kept).chain(rest));
        self.inner.read(buffer)
    }
}

/// Any other encoding, decoded as it comes.
struct Decoded {
    inner: Box<dyn Read>,
    decoder: Decoder,
    raw: Vec<u8>,
    text: String,
    /// Of `text`, what is handed out.
    given: usize,
    ended: bool,
}

/// Bytes that are read, and decoded, at once.
const BLOCK: usize = 1 << 16;

impl Decoded {
    fn new(inner: Box<dyn Read>, encoding: Encoding) -> Decoded {
        let (decoder, raw) = (encoding.decoder(), vec![0; BLOCK]);
        Decoded { inner, decoder, raw, text: String::new(), given: 0, ended: false }
    }

    fn fill(&mut self) -> io::Result<()> {
        let count = self.inner.read(&mut self.raw)?;
        self.ended = count == 0;
        self.text = self.decoder.decode(&self.raw[..count], self.ended);
        self.given = 0;
        Ok(())
    }
}

impl Read for Decoded {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.text.len() {
            if self.ended {
                return Ok(0);
            }
            self.fill()?;
        }
        let count = buffer.len().min(self.text.len() - self.given);
        buffer[..count].copy_from_slice(&self.text.as_bytes()[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Lines ended by LF, where CR alone ends them.
struct Lines {
    inner: Box<dyn Read>,
    after_cr: bool,
}

impl Read for Lines {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let count = self.inner.read(buffer)?;
            if count == 0 {
                return Ok(0);
            }
            let mut kept = 0;
            for at in 0..count {
                let byte = buffer[at];
                if !(byte == b'\n' && self.after_cr) {
                    buffer[kept] = if byte == b'\r' { b'\n' } else { byte };
                    kept += 1;
                }
                self.after_cr = byte == b'\r';
            }
            if kept > 0 {
                return Ok(kept);
            }
        }
    }
}
