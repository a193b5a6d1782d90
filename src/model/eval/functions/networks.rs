//! Functions on networks in CIDR notation.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::eval::number::integer;
use crate::model::eval::types;
use crate::model::value::Value;
use crate::text::Span;

pub(super) fn call(name: &str, args: &[Value], span: Span) -> Option<Value> {
    let (prefix, rest) = args.split_first().filter(|_| NAMES.contains(&name))?;
    let written = prefix.as_str()?;
    let Some(network) = Network::parse(&written) else {
        let why = format!("`\"{written}\"` is no network in CIDR notation");
        return is_no_network(&written).then(|| Value::failure(why, span));
    };
    let number = |it: &Value| Some(i128::from(integer(&types::to_number(it)?)?));
    let numbers: Vec<i128> = rest.iter().map(number).collect::<Option<_>>()?;
    // Of numbers below zero, Terraform makes networks that are no part of this one.
    if name.starts_with("cidrsubnet") && numbers.iter().any(|it| *it < 0) {
        return None;
    }
    let text = |it: &dyn std::fmt::Display| Value::text(it.to_string(), span);
    let found = match (name, numbers.as_slice()) {
        ("cidrsubnet", &[more, number]) => {
            let subnet = u128::try_from(number).ok().and_then(|it| network.subnet(more, it));
            subnet.map(|it| text(&it))
        }
        ("cidrsubnets", all) => network
            .one_after_the_other(all)
            .map(|all| Value::list(all.iter().map(|it| text(it)).collect(), span)),
        ("cidrhost", &[number]) => network.host(number).map(|it| text(&it)),
        ("cidrnetmask", []) => (network.bits == 32).then(|| {
            let mask = Network { bits: 32, start: network.mask(), length: 32 };
            text(&mask.address(0))
        }),
        _ => return None,
    };
    let why = || format!("`{written}` has no room for what `{name}` is asked for");
    Some(found.unwrap_or_else(|| Value::failure(why(), span)))
}

const NAMES: [&str; 4] = ["cidrsubnet", "cidrsubnets", "cidrhost", "cidrnetmask"];

/// Whether Terraform does not read `text` as a network either. It takes zeros before a number, and we know only some of the ways
/// to write addresses of IPv6.
fn is_no_network(text: &str) -> bool {
    let Some((address, length)) = text.split_once('/') else { return true };
    let is_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let is_legacy = |part: &str| is_digits(part) && part.len() > 1 && part.starts_with('0');
    if address.contains(':') {
        return false;
    }
    let is_odd = address.split('.').chain([length]).any(is_legacy);
    !is_odd
}

/// A network of IPv4 or IPv6.
#[derive(Clone, Copy)]
struct Network {
    /// How many bits an address has.
    bits: u32,
    /// The first address.
    start: u128,
    /// How many bits all addresses have in common.
    length: u32,
}

impl Network {
    fn parse(text: &str) -> Option<Network> {
        let (address, length) = text.split_once('/')?;
        let (bits, start) = match address.parse().ok()? {
            IpAddr::V4(address) => (32, u32::from(address).into()),
            IpAddr::V6(address) => (128, u128::from(address)),
        };
        let length = length.parse().ok().filter(|length| *length <= bits)?;
        let whole = Network { bits, start, length };
        Some(Network { start: start & whole.mask(), ..whole })
    }

    /// The bits that all addresses have in common.
    fn mask(self) -> u128 {
        let all = u128::MAX >> (128 - self.bits);
        all & !self.last()
    }

    /// The number of the last host.
    fn last(self) -> u128 {
        1_u128.checked_shl(self.bits - self.length).map_or(u128::MAX, |size| size - 1)
    }

    /// The network with `more` bits in common that has this number.
    fn subnet(self, more: i128, number: u128) -> Option<Network> {
        let more = u32::try_from(more).ok().filter(|more| *more <= self.bits - self.length)?;
        let inner = Network { length: self.length + more, ..self };
        let is_inside = more >= 128 || number >> more == 0;
        let offset = number.checked_shl(self.bits - inner.length).unwrap_or(0);
        is_inside.then_some(Network { start: self.start | offset, ..inner })
    }

    /// Networks with so many more bits in common, each behind the one before.
    fn one_after_the_other(self, more: &[i128]) -> Option<Vec<Network>> {
        let mut found: Vec<Network> = Vec::with_capacity(more.len());
        for more in more {
            let first = self.subnet(*more, 0)?;
            let next = match found.last() {
                None => self.start,
                // The start of the first one that lies wholly behind it.
                Some(before) => {
                    let behind = (before.start | before.last()).checked_add(1)?;
                    behind.checked_add(first.last())? & !first.last()
                }
            };
            let is_address = next <= u128::MAX >> (128 - self.bits);
            let is_inside = is_address && next & self.mask() == self.start;
            found.push(is_inside.then_some(Network { start: next, ..first })?);
        }
        Some(found)
    }

    /// The address of this number; one below zero counts from the end.
    fn host(self, number: i128) -> Option<IpAddr> {
        let (last, distance) = (self.last(), number.unsigned_abs());
        let number = match number {
            0.. => distance,
            _ => last.checked_sub(distance - 1)?,
        };
        (number <= last).then(|| self.address(number))
    }

    fn address(self, number: u128) -> IpAddr {
        let address = self.start | number;
        match u32::try_from(address) {
            Ok(address) if self.bits == 32 => Ipv4Addr::from(address).into(),
            _ => Ipv6Addr::from(address).into(),
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.address(0), self.length)
    }
}
