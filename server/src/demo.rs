//! The demo township: made from a seed, merged through the same path as every push.
