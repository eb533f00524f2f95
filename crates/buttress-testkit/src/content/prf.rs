//! The pseudo-random function behind the contents: the finaliser of `SplitMix64` (Steele, Lea and
//! Flood, 2014), keyed.

/// One key for a seed and a version.
pub(super) const fn key(seed: u64, version: u64) -> u64 {
    mix(mix(seed ^ 0x6275_7474_7265_7373) ^ version)
}

/// The eight bytes of block `index`.
pub(super) const fn block(key: u64, index: u64) -> [u8; 8] {
    mix(key ^ mix(index)).to_le_bytes()
}

/// A number for a place that is not a block of bytes.
pub(super) const fn number(key: u64, index: u64) -> u64 {
    mix(key.rotate_left(32) ^ mix(index))
}

const fn mix(input: u64) -> u64 {
    let mut z = input.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
