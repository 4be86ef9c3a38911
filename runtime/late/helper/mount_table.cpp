// SPDX-License-Identifier: Apache-2.0
#include "runtime/late/helper/mount_table.h"

#include <errno.h>
#include <libmount/libmount.h>

#include <memory>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::late {
namespace {

using Table = std::unique_ptr<libmnt_table, decltype(&mnt_unref_table)>;
using Iterator = std::unique_ptr<libmnt_iter, decltype(&mnt_free_iter)>;

std::string text_of(const char* text) {
  return text == nullptr ? std::string() : std::string(text);
}

MountRow row_of(libmnt_fs* fs) {
  return {static_cast<std::uint64_t>(mnt_fs_get_id(fs)),
          static_cast<std::uint64_t>(mnt_fs_get_parent_id(fs)),
          text_of(mnt_fs_get_root(fs)),
          text_of(mnt_fs_get_target(fs)),
          text_of(mnt_fs_get_fstype(fs)),
          text_of(mnt_fs_get_vfs_options(fs))};
}

// libmount would go on behind a line that it cannot read.
int stop_at_error(libmnt_table*, const char*, int) {
  return -EINVAL;
}

}  // namespace

void read_mounts(const std::string& file, const std::function<void(MountRow)>& take) {
  const Table table(mnt_new_table(), mnt_unref_table);
  const Iterator rows(mnt_new_iter(MNT_ITER_FORWARD), mnt_free_iter);
  if (!table || !rows) throw Error(ErrorKind::internal, "out of memory");
  mnt_table_set_parser_errcb(table.get(), stop_at_error);
  if (const int failed = mnt_table_parse_file(table.get(), file.c_str()); failed != 0) {
    throw_os("libmount", failed < 0 ? -failed : EINVAL, cat("read ", quote(file)));
  }
  libmnt_fs* fs = nullptr;
  while (mnt_table_next_fs(table.get(), rows.get(), &fs) == 0) take(row_of(fs));
}

}  // namespace asylum::late
