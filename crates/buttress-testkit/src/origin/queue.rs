//! How much of what was written to a socket is still on its way.
//!
//! A reset throws away what the sender's kernel has not sent yet, and how much that is hangs on
//! congestion windows and delayed acknowledgements. Linux tells it in `/proc/net/tcp`. Elsewhere
//! nothing is known, and a reset may overtake the last bytes.

use std::net::{SocketAddr, SocketAddrV4};
use tokio::net::TcpStream;

/// Whether the peer has acknowledged everything: `None` when that cannot be told, or when the
/// connection is gone.
pub(super) fn is_empty(stream: &TcpStream) -> Option<bool> {
    let (SocketAddr::V4(local), SocketAddr::V4(peer)) =
        (stream.local_addr().ok()?, stream.peer_addr().ok()?)
    else {
        return None;
    };
    unacknowledged(&std::fs::read_to_string("/proc/net/tcp").ok()?, local, peer)
        .map(|bytes| bytes == 0)
}

/// The transmit queue of this connection in the table, in bytes, while it is established or the
/// peer has only stopped sending.
fn unacknowledged(table: &str, local: SocketAddrV4, peer: SocketAddrV4) -> Option<u64> {
    const ESTABLISHED: &str = "01";
    const CLOSE_WAIT: &str = "08";
    let (local, peer) = (written(local), written(peer));
    table.lines().find_map(|line| {
        let mut fields = line.split_ascii_whitespace().skip(1);
        let same = fields.next()? == local && fields.next()? == peer;
        let open = same && [ESTABLISHED, CLOSE_WAIT].contains(&fields.next()?);
        let queue = open.then(|| fields.next()?.split_once(':'))??.0;
        u64::from_str_radix(queue, 16).ok()
    })
}

/// An address as the table has it: the four bytes as a number of this machine, the port.
fn written(addr: SocketAddrV4) -> String {
    let ip = u32::from_ne_bytes(addr.ip().octets());
    format!("{ip:08X}:{:04X}", addr.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(target_endian = "little")]
    #[test]
    fn the_right_line_is_found() {
        let table = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
   0: 0100007F:07E8 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
   1: 0100007F:07E8 0100007F:C001 01 0000002A:00000000 01:00000014 00000000     0
   2: 0100007F:C001 0100007F:07E8 01 00000007:00000000 01:00000014 00000000     0
   3: 0100007F:07E8 0100007F:C002 06 00000000:00000000 03:00000014 00000000     0
";
        let addr = |port| SocketAddrV4::new([127, 0, 0, 1].into(), port);
        let find = |local, peer| unacknowledged(table, addr(local), addr(peer));
        assert_eq!(find(0x07e8, 0xc001), Some(42));
        assert_eq!(find(0xc001, 0x07e8), Some(7));
        assert_eq!(find(0x07e8, 0xc002), None, "the connection is over");
        assert_eq!(find(0x07e8, 0xc003), None);
    }
}
