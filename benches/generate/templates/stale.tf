locals {
  # registry.viktorbarzin.me is gone; whoever still reads this value fails.
  old_mirror = "https://registry.viktorbarzin.me/v2/"
}
