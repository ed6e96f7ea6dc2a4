# SPDX-License-Identifier: 0BSD
# Every source file that goes into the product. A file that is not named here is not
# built; tests/house compares the lists with the folders.

# What decodes .xz files in one thread: all of the minimal library.
SMALL_LIB_FILES = \
    base/alloc.c \
    base/arena.c \
    base/coder.c \
    base/cpu.c \
    check/check.c \
    check/crc_small.c \
    check/sha256.c \
    check/sha256_other.c \
    filter/bcj.c \
    filter/bcj_arm.c \
    filter/bcj_arm64.c \
    filter/bcj_ia64.c \
    filter/bcj_powerpc.c \
    filter/bcj_riscv.c \
    filter/bcj_sparc.c \
    filter/bcj_x86.c \
    filter/delta.c \
    format/block_header.c \
    format/filter_flags.c \
    format/filters.c \
    format/index_hash.c \
    format/index_parse.c \
    format/index_sizes.c \
    format/stream_flags.c \
    format/vli.c \
    lzma/dict.c \
    lzma/lzma2_dec.c \
    lzma/symbol_dec.c \
    stream/block_dec.c \
    stream/chain.c \
    stream/chain_dec.c \
    stream/filter_coder.c \
    stream/grammar.c \
    stream/stream_dec.c \
    api/arena_api.c \
    api/block_dec_api.c \
    api/check_api.c \
    api/code.c \
    api/stream_dec_api.c

LIB_FILES = $(SMALL_LIB_FILES) \
    base/hardware.c \
    base/hardware_linux.c \
    base/hardware_other.c \
    check/crc32.c \
    check/crc64.c \
    check/crc_arm64.c \
    check/crc_other.c \
    check/crc_x86.c \
    check/sha256_arm64.c \
    check/sha256_x86.c \
    format/alone_header.c \
    format/bounds.c \
    format/filter_names.c \
    format/filter_string_parse.c \
    format/filter_string_print.c \
    format/index.c \
    format/index_cat.c \
    format/index_field.c \
    format/index_iter.c \
    format/lzip_header.c \
    format/preset.c \
    match/anchor_group_x86.c match/anchor_sort.c match/anchor_sort_x86.c \
    match/bin_tree.c \
    match/bulk.c \
    match/finder.c \
    match/hash_chain.c \
    match/hash_row.c match/row_table.c \
    match/row_catch.c match/row_catch_other.c match/row_catch_x86.c \
    match/row_ring_other.c match/row_ring_x86.c \
    match/heads.c \
    match/little.c match/little_avx2_x86.c match/little_other.c match/little_x86.c \
    match/neighbours.c match/neighbours_arm64.c match/neighbours_avx2_x86.c \
    match/neighbours_other.c match/neighbours_sse4_x86.c match/neighbours_x86.c \
    match/record_sort_x86.c \
    match/repeats.c \
    match/sorted.c \
    match/suffix_sort.c match/suffix_sort_other.c \
    match/window.c \
    lzma/enc_finder.c lzma/enc_pipe.c \
    lzma/lzma1_dec.c \
    lzma/lzma1_enc.c \
    lzma/lzma2_enc.c \
    lzma/noise.c \
    lzma/byte_worth.c lzma/parse_fast.c \
    lzma/parse_optimal.c \
    lzma/parse_optimal_other.c \
    lzma/parse_optimal_avx2_x86.c lzma/parse_optimal_x86.c \
    lzma/price.c lzma/price_other.c lzma/price_x86.c \
    lzma/range_lanes.c \
    lzma/range_lanes_avx512_x86.c \
    lzma/range_lanes_other.c \
    lzma/range_lanes_x86.c \
    lzma/range_moved.c \
    lzma/range_out.c \
    lzma/range_pair_x86.c \
    lzma/range_single_x86.c \
    lzma/symbol_enc.c \
    stream/alone_dec.c \
    stream/alone_enc.c \
    stream/auto_dec.c \
    stream/block_buffer_enc.c \
    stream/block_parts_enc.c \
    stream/block_enc.c \
    stream/chain_enc.c \
    stream/file_info_dec.c \
    stream/index_dec.c \
    stream/index_enc.c \
    stream/lzip_dec.c \
    stream/microlzma_dec.c \
    stream/microlzma_enc.c \
    stream/stream_enc.c \
    thread/dec_hints.c \
    thread/dec_lane.c \
    thread/enc_lane.c \
    thread/pool.c \
    thread/segment_dec.c \
    thread/segments.c \
    thread/stream_dec_mt.c \
    thread/stream_enc_mt.c \
    thread/sync.c \
    api/alone_enc_api.c \
    api/bcj_api.c \
    api/block_enc_api.c \
    api/block_header_api.c \
    api/bounds_api.c \
    api/easy_dec_api.c \
    api/filter_flags_api.c \
    api/filter_string_api.c \
    api/hardware_api.c \
    api/index_api.c \
    api/index_dec_api.c \
    api/index_enc_api.c \
    api/index_hash_api.c \
    api/legacy_dec_api.c \
    api/lzma_support_api.c \
    api/preset_api.c \
    api/raw_dec.c \
    api/raw_enc.c \
    api/stream_dec_mt_api.c \
    api/stream_enc_api.c \
    api/stream_enc_mt_api.c \
    api/stream_flags_api.c \
    api/threads_env.c \
    api/version_api.c \
    api/vli_api.c

COMMON_FILES = \
    common/argscan.c \
    common/cgroup.c \
    common/confine.c \
    common/confine_linux.c \
    common/confine_other.c \
    common/coder_text.c \
    common/files.c \
    common/files_io.c \
    common/files_meta.c \
    common/name_list.c \
    common/progress.c \
    common/record.c \
    common/relay.c \
    common/report.c \
    common/seccomp_linux.c \
    common/signals.c \
    common/suffix.c \
    common/units.c \
    common/walk.c

XZ_FILES = \
    xz/batch.c \
    xz/benchmark.c \
    xz/coders.c \
    xz/cutter.c \
    xz/detect.c \
    xz/effort.c \
    xz/examine.c \
    xz/examine_index.c \
    xz/foresight.c \
    xz/index_read.c \
    xz/list.c \
    xz/list_block.c \
    xz/list_human.c \
    xz/list_json.c \
    xz/list_robot.c \
    xz/main.c \
    xz/memory.c \
    xz/names.c \
    xz/options.c \
    xz/options_chain.c \
    xz/options_help.c \
    xz/options_newer.c \
    xz/options_settle.c \
    xz/place.c \
    xz/run.c \
    xz/run_pump.c \
    xz/run_target.c \
    xz/run_watch.c \
    xz/run_where.c

XZDEC_FILES = xzdec/xzdec.c

LZMAINFO_FILES = lzmainfo/lzmainfo.c

AUDIT_FILES = \
    audit/archive_walk.c \
    audit/audit.c \
    audit/audit_main.c \
    audit/audit_options.c \
    audit/container.c \
    audit/digest.c \
    audit/elf_explain.c \
    audit/elf_facts.c \
    audit/elf_read.c \
    audit/elf_resolver.c \
    audit/fs_files.c \
    audit/host.c \
    audit/host_proc.c \
    audit/host_reach.c \
    audit/host_walk.c \
    audit/id_set.c \
    audit/image.c \
    audit/json_read.c \
    audit/json_write.c \
    audit/matcher.c \
    audit/packages.c \
    audit/partition.c \
    audit/pkg_bdb.c \
    audit/pkg_rpm.c \
    audit/pkg_sqlite.c \
    audit/pkg_text.c \
    audit/pkg_version.c \
    audit/report_json.c \
    audit/report_people.c \
    audit/report_sarif.c \
    audit/report_vex.c \
    audit/root_files.c \
    audit/rule.c \
    audit/rule_builtin.c \
    audit/rule_parse.c \
    audit/sandbox.c \
    audit/sandbox_linux.c \
    audit/sandbox_other.c \
    audit/scan.c \
    audit/scan_elf.c \
    audit/selftest.c \
    audit/selftest_elf.c \
    audit/source_git.c \
    audit/source_lint.c \
    audit/source_probe.c \
    audit/source_shell.c \
    audit/source_tree.c \
    audit/store.c \
    audit/summary.c \
    audit/summary_html.c

# Of each pair one is built: the Makefile's AUDIT_READERS.
AUDIT_READER_FILES = \
    audit/fs_ext4.c \
    audit/fs_ext4_none.c \
    audit/fs_squashfs.c \
    audit/fs_squashfs_none.c

XZDEC_SMALL_FILES = xzdec/xzdec_small.c
