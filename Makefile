# SPDX-License-Identifier: 0BSD
# ClearXZ: the one build file. Needs GNU make and a C compiler, nothing else.
#
#   make                 library and commands into build/
#   make try [FILE=f]    compress, test and restore a real file, beside the system's xz
#   make check           all tests, as built and again with sanitizers
#   make assurance       what takes longer: analysis, proof, coverage, fuzzing and more
#   make bench           tables of time, size and memory, beside Debian's xz and 7zz
#   make fuzz T=60       every harness of fuzz/ for T seconds; fuzz-audit: those of xz-audit
#   make release TAG=v1  the tarball of a tag, with what proves it, into build/release
#   make verify-release TARBALL=file
#   make bench-decode    decoding in one thread, with cycles a decision
#   make bench-paths     encoding with the instructions of other CPUs
#   make bench-stages    the encoder's stages, each alone, on STAGE_FILE
#   make minimal         a small decoder, and xzdec with it, for firmware and initramfs
#   make install         PREFIX=/usr/local DESTDIR= LIBDIR=$(PREFIX)/lib
#   make audit           build/bin/xz-audit; needs libarchive; libext2fs, libsquashfs if there
#   make clean
#
# The same without make:
#   cc -O2 -pthread -Iinclude -Ilib lib/*/*.c tools/common/*.c tools/xz/*.c -o xz

# ---- What a builder may set -------------------------------------------------------
CC      ?= cc
AR      ?= ar
CFLAGS  ?= -O2 -g
PREFIX  ?= /usr/local
LIBDIR  ?= $(PREFIX)/lib
DESTDIR ?=
B       ?= build
PYTHON  ?= /usr/bin/python3
# Warnings of gcc 12 and clang 14 are errors; other compilers know more: WERROR= for them.
WERROR  ?= -Werror
# make check: how many tests run side by side.
TEST_JOBS ?= 2

API_VERSION = 5.8.3

# V=1 shows whole commands.
V ?= 0
say_0 = @printf '  %-4s %s\n' $(1) $(2);
say_1 =
say   = $(call say_$(V),$(1),$(2))

# Images of file systems that xz-audit reads: those whose libraries are installed
# (libext2fs, libsquashfs of squashfs-tools-ng). The others it names as not looked at.
has_header = $(firstword $(wildcard /usr/include/$(1) /usr/local/include/$(1)))
AUDIT_READERS ?= $(if $(call has_header,ext2fs/ext2fs.h),ext4) \
    $(if $(call has_header,sqfs/dir_reader.h),squashfs)

# ---- Flags ------------------------------------------------------------------------
WARN = -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
       -Wconversion -Wvla $(WERROR)
# Marks for processors that check where calls and jumps land, by the compiler's target.
MARKS_x86_64  = -fcf-protection
MARKS_aarch64 = -mbranch-protection=standard
MACHINE      := $(firstword $(subst -, ,$(shell $(CC) -dumpmachine)))
# The builder's level of FORTIFY goes before ours; without optimization there is none.
FORTIFY = $(if $(findstring _FORTIFY_SOURCE,$(CC) $(CFLAGS) $(CPPFLAGS))$(filter -O0,$(CFLAGS)),, \
    -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
HARDEN = -fstack-protector-strong -fstack-clash-protection $(FORTIFY) $(MARKS_$(MACHINE))
# What is built does not tell where.
NO_PATHS = '-ffile-prefix-map=$(subst ','\'',$(CURDIR))=.'
# Where functions begin by chance, decoding a small file takes up to a tenth longer
# (bench table small-decode, 2026-11-26).
ALIGN = -falign-functions=32
BASE_FLAGS = -std=gnu11 -pthread -Iinclude -Ilib $(WARN) $(HARDEN) $(ALIGN) $(NO_PATHS)
TEST_FLAGS = -std=gnu11 -pthread -Iinclude -Ilib -Itests -Wall -Wextra $(WERROR)
HARDEN_LD  = -Wl,-z,relro,-z,now,-z,noexecstack

# ---- Sources: every file that goes into the product, by name ----------------------
include sources.mk

LIB_SRC = $(addprefix lib/,$(LIB_FILES))
COMMON_SRC = $(addprefix tools/,$(COMMON_FILES))
XZ_SRC  = $(addprefix tools/,$(XZ_FILES))
XZDEC_SRC    = $(addprefix tools/,$(XZDEC_FILES))
LZMAINFO_SRC = $(addprefix tools/,$(LZMAINFO_FILES))
AUDIT_SRC    = $(addprefix tools/,$(AUDIT_FILES) \
    $(foreach fs,ext4 squashfs,audit/fs_$(fs)$(if $(filter $(fs),$(AUDIT_READERS)),,_none).c))

STATIC_OBJ = $(LIB_SRC:%.c=$(B)/static/%.o)
SHARED_OBJ = $(LIB_SRC:%.c=$(B)/shared/%.o)
COMMON_OBJ = $(COMMON_SRC:%.c=$(B)/static/%.o)
XZ_OBJ     = $(COMMON_OBJ) $(XZ_SRC:%.c=$(B)/static/%.o)
XZDEC_OBJ    = $(XZDEC_SRC:%.c=$(B)/static/%.o)
LZMAINFO_OBJ = $(LZMAINFO_SRC:%.c=$(B)/static/%.o)
AUDIT_OBJ    = $(AUDIT_SRC:%.c=$(B)/static/%.o)

SO      = $(B)/lib/liblzma.so.$(API_VERSION)
SONAME  = liblzma.so.5
ARCHIVE = $(B)/lib/liblzma.a
# What tools/common has, for programs that need a part of it.
COMMON  = $(B)/static/tools/common.a
PROGRAMS = $(addprefix $(B)/bin/,xz xzdec lzmainfo)
SCRIPTS  = $(addprefix $(B)/bin/,xzdiff xzgrep xzless xzmore)

.PHONY: all minimal audit try check assurance check-run check-clients test-programs
.PHONY: stress-threads install install-audit clean
.PHONY: bench bench-decode bench-paths bench-stages
.PHONY: fuzz fuzz-afl fuzz-programs fuzz-audit fuzz-audit-programs
.PHONY: release verify-release
.DELETE_ON_ERROR:
.SUFFIXES:

# Completion of these commands, and of others by links, in three shells.
COMPLETED   = xz xzdec lzmainfo xzdiff xzgrep xzless xzmore
COMPLETIONS = $(foreach name,$(COMPLETED),$(B)/completion/$(name).bash \
    $(B)/completion/$(name).zsh $(B)/completion/$(name).fish)

all: $(ARCHIVE) $(SO) $(PROGRAMS) $(SCRIPTS) $(COMPLETIONS)

# ---- Library ----------------------------------------------------------------------
$(B)/static/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(BASE_FLAGS) $(CFLAGS) $(CPPFLAGS) -MMD -MP -c $< -o $@

$(B)/shared/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(BASE_FLAGS) -fPIC -fvisibility=hidden -DXZ_SHARED \
	    '-DLZMA_API_IMPORT=__attribute__((__visibility__("default")))' $(CFLAGS) $(CPPFLAGS) \
	    $(NO_LTO) -MMD -MP -c $< -o $@

# Link-time optimization would lose the versions that these files tell the assembler.
VERSIONED = block_enc_api code hardware_api stream_enc_mt_api
$(VERSIONED:%=$(B)/shared/lib/api/%.o): NO_LTO = -fno-lto

$(ARCHIVE): $(STATIC_OBJ)
	@mkdir -p $(@D)
	$(call say,AR,$@) rm -f $@ && $(AR) rcsD $@ $(STATIC_OBJ)

$(SO): $(SHARED_OBJ) lib/api/liblzma.map
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -shared -pthread $(CFLAGS) $(LDFLAGS) $(HARDEN_LD) $(SO_LD) \
	    -Wl,-soname,$(SONAME) -Wl,--version-script=lib/api/liblzma.map $(SO_DEFS) -o $@ $(SHARED_OBJ)
	@ln -sf $(@F) $(B)/lib/$(SONAME)
	@ln -sf $(@F) $(B)/lib/liblzma.so

# What the loader does for every program that is linked with the library: nothing of the
# C runtime's own start-up, since nothing here starts up, and no search for names of our
# own. docs/assurance.md has what it costs.
SO_LD = -nostartfiles -Wl,-Bsymbolic-functions

# An unresolved name in the shared library is an error, but sanitizers leave some.
SO_DEFS ?= -Wl,-z,defs

# ---- Commands ---------------------------------------------------------------------
# COMMAND_LD: flags for linking these three alone; make check gives them the sanitizers' runtimes.
$(B)/bin/xz: $(XZ_OBJ) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) $(HARDEN_LD) $(COMMAND_LD) -o $@ $(XZ_OBJ) $(ARCHIVE)
	@$(call link_names,$(@D))

$(COMMON): $(COMMON_OBJ)
	$(call say,AR,$@) rm -f $@ && $(AR) rcsD $@ $(COMMON_OBJ)

$(B)/bin/xzdec: $(XZDEC_OBJ) $(COMMON) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) $(HARDEN_LD) $(COMMAND_LD) -o $@ $^
	@$(call link_names,$(@D))

$(B)/bin/lzmainfo: $(LZMAINFO_OBJ) $(COMMON) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) $(HARDEN_LD) $(COMMAND_LD) -o $@ $^

# Other names of the commands, in the directory $(1).
link_names = cd "$(1)" && \
    for name in unxz xzcat lzma unlzma lzcat; do ln -sf xz $$name || exit 1; done && \
    for name in xzcmp lzdiff lzcmp; do ln -sf xzdiff $$name || exit 1; done && \
    for name in xzegrep xzfgrep lzgrep lzegrep lzfgrep; do \
        ln -sf xzgrep $$name || exit 1; \
    done && \
    ln -sf xzdec lzmadec && ln -sf xzless lzless && ln -sf xzmore lzmore

# A script with what all of them share before it.
$(SCRIPTS): $(B)/bin/%: tools/scripts/common.sh tools/scripts/%.sh
	@mkdir -p $(@D)
	$(call say,CAT,$@) cat $^ >$@ && chmod 755 $@
	@$(call link_names,$(@D))

# The one program with a dependency. Its rules files are copied into it as they are.
# AUDIT_LIBS with all that libarchive needs, and LDFLAGS=-static, make one that runs on
# any Linux of this CPU: docs/audit.md.
AUDIT_LIBS ?= -larchive $(foreach fs,$(AUDIT_READERS),$(AUDIT_LIBS_$(fs)))
AUDIT_LIBS_ext4     = -lext2fs -lcom_err
AUDIT_LIBS_squashfs = -lsquashfs
audit: $(B)/bin/xz-audit $(addprefix $(B)/completion/xz-audit.,bash zsh fish)

$(B)/static/tools/audit/rule_builtin.o: $(wildcard share/audit/*.rules)

$(B)/bin/xz-audit: $(AUDIT_OBJ) $(COMMON)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) $(HARDEN_LD) -o $@ $^ $(AUDIT_LIBS)

complete_rule = @mkdir -p $(@D) && sh tools/completion/generate.sh $(1) $< >$@
$(B)/completion/%.bash: tools/completion/%.list tools/completion/generate.sh
	$(call complete_rule,bash)

$(B)/completion/%.zsh: tools/completion/%.list tools/completion/generate.sh
	$(call complete_rule,zsh)

$(B)/completion/%.fish: tools/completion/%.list tools/completion/generate.sh
	$(call complete_rule,fish)

# ---- Minimal: a decoder for firmware and initramfs --------------------------------
# One thread, .xz alone, no malloc(). MINIMAL_FILTERS says which branch converters it
# has besides LZMA2 and delta; XZDEC_DICT_MAX, in bytes, how much memory its xzdec takes.
MINIMAL_FILTERS ?= x86 arm64
XZDEC_DICT_MAX  ?= 8388608
MINIMAL         ?= $(B)/minimal
MINIMAL_CFLAGS  ?= -Os
FILTER_IDS      = x86:4 powerpc:5 ia64:6 arm:7 armthumb:8 sparc:9 arm64:10 riscv:11
MINIMAL_UNKNOWN = $(filter-out $(foreach i,$(FILTER_IDS),$(firstword $(subst :, ,$(i)))),$(MINIMAL_FILTERS))
MINIMAL_BITS    = $(if $(MINIMAL_UNKNOWN),$(error MINIMAL_FILTERS: no such filter: $(MINIMAL_UNKNOWN)))$(foreach f,$(MINIMAL_FILTERS),(1<<$(patsubst $(f):%,%,$(filter $(f):%,$(FILTER_IDS)))))
MINIMAL_FLAGS   = -std=gnu11 -Iinclude -Ilib $(WARN) $(NO_PATHS) $(MINIMAL_CFLAGS) \
    -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables \
    -fno-stack-protector -fno-pic
MINIMAL_OBJ     = $(SMALL_LIB_FILES:%.c=$(MINIMAL)/%.o)

minimal: $(MINIMAL)/liblzma.a $(MINIMAL)/xzdec
	size $(MINIMAL)/xzdec

$(MINIMAL)/%.o: lib/%.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(MINIMAL_FLAGS) \
	    '-DXZ_SMALL_FILTERS=(0$(patsubst %,|%,$(MINIMAL_BITS)))' -MMD -MP -c $< -o $@

$(MINIMAL)/liblzma.a: $(MINIMAL_OBJ)
	$(call say,AR,$@) rm -f $@ && $(AR) rcsD $@ $(MINIMAL_OBJ)

$(MINIMAL)/xzdec: $(addprefix tools/,$(XZDEC_SMALL_FILES)) $(MINIMAL)/liblzma.a
	$(call say,LD,$@) $(CC) $(MINIMAL_FLAGS) -DXZDEC_DICT_MAX=$(XZDEC_DICT_MAX) -no-pie \
	    -Wl,--gc-sections -o $@ $^

try: all
	scripts/try $(B)/bin/xz "$(FILE)"

# ---- Tests ------------------------------------------------------------------------
# A C test is one file with a main(); it sees every room and links the static library.
C_TESTS  = $(sort $(wildcard tests/*/*_test.c))
TEST_BIN = $(C_TESTS:tests/%.c=$(B)/tests/%)
SUPPORT_OBJ = $(patsubst %.c,$(B)/static/%.o,$(sort $(wildcard tests/support/*.c)))

# The command's parts without its main(), for tests of its pure functions.
XZ_TEST_OBJ = $(filter-out %/main.o,$(XZ_OBJ))

$(B)/static/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(TEST_FLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(TEST_BIN): $(B)/tests/%: $(B)/static/tests/%.o $(SUPPORT_OBJ) $(ARCHIVE) \
    $(XZ_TEST_OBJ)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) -o $@ $< $(SUPPORT_OBJ) $(XZ_TEST_OBJ) \
	    $(ARCHIVE) -lcmocka

# The runner of the conformance vectors: it sees <lzma.h> only.
VECTOR_RUNNER = $(B)/tests/vectors/vector_runner
VECTOR_OBJ = $(addprefix $(B)/static/tests/vectors/,vector_runner.o vector_manifest.o)
$(VECTOR_RUNNER): $(VECTOR_OBJ) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) -o $@ $(VECTOR_OBJ) $(ARCHIVE)

# Fuzzing harnesses, with a main() that runs them over files.
FUZZ_NAMES = $(patsubst fuzz/%.c,%,$(sort $(wildcard fuzz/fuzz_*.c)))
FUZZ_SHARED = $(addprefix $(B)/static/fuzz/,feed.o recipe.o peer_calls.o) \
    $(B)/static/tests/support/data.o
FUZZ_OBJ   = $(FUZZ_NAMES:%=$(B)/static/fuzz/%.o) $(FUZZ_SHARED)
REPLAY_BIN = $(FUZZ_NAMES:%=$(B)/replay/%)
FUZZ_BIN   = $(FUZZ_NAMES:%=$(B)/fuzz/%)

$(B)/static/fuzz/%.o: fuzz/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(TEST_FLAGS) $(CFLAGS) -MMD -MP -c $< -o $@

$(REPLAY_BIN): $(B)/replay/%: $(B)/static/fuzz/%.o $(FUZZ_SHARED) \
    $(B)/static/fuzz/replay.o $(XZ_TEST_OBJ) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) -o $@ $^

$(FUZZ_BIN): $(B)/fuzz/%: $(B)/static/fuzz/%.o $(FUZZ_SHARED) $(XZ_TEST_OBJ) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) $(LIB_FUZZING_ENGINE) -o $@ $^

fuzz-programs: $(FUZZ_BIN)

# The same for the parsers of xz-audit, whose seeds its tests make.
AUDIT_FUZZ = $(addprefix audit_,archive elf image json packages rules source)
AUDIT_FUZZ_OBJ = $(AUDIT_FUZZ:%=$(B)/static/fuzz/%.o) $(B)/static/fuzz/audit_feed.o
AUDIT_FUZZ_COMMON = $(B)/static/fuzz/audit_feed.o $(B)/static/tests/support/data.o \
    $(filter-out %/audit_main.o,$(AUDIT_OBJ)) $(COMMON)

$(AUDIT_FUZZ:%=$(B)/replay/%): $(B)/replay/%: $(B)/static/fuzz/%.o \
    $(B)/static/fuzz/replay.o $(AUDIT_FUZZ_COMMON)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) -o $@ $^ $(AUDIT_LIBS)

$(AUDIT_FUZZ:%=$(B)/fuzz/%): $(B)/fuzz/%: $(B)/static/fuzz/%.o $(AUDIT_FUZZ_COMMON)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) -pthread $(CFLAGS) $(LDFLAGS) $(LIB_FUZZING_ENGINE) -o $@ $^ $(AUDIT_LIBS)

fuzz-audit-programs: $(AUDIT_FUZZ:%=$(B)/fuzz/%)

# Libraries that read images believe sizes: then memory is refused, as --max-memory does.
fuzz-audit:
	$(MAKE) B=$(B)/fuzzing CC=clang HARDEN= \
	    CFLAGS="$(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link" fuzz-audit-programs
	$(PYTHON) tests/audit/audit_seeds.py $(B)/fuzzing/audit-seeds
	for name in $(AUDIT_FUZZ); do \
	    mkdir -p $(B)/fuzzing/corpus/$$name && \
	    ASAN_OPTIONS=allocator_may_return_null=1:max_allocation_size_mb=1024 \
	        $(B)/fuzzing/fuzz/$$name -max_total_time=$(T) -max_len=131072 -timeout=25 \
	        -rss_limit_mb=2048 -malloc_limit_mb=9999999 -print_final_stats=1 -verbosity=0 \
	        -artifact_prefix=$(B)/fuzzing/$$name- $(B)/fuzzing/corpus/$$name \
	        $(B)/fuzzing/audit-seeds/$$name || exit 1; \
	done

# Every harness for T seconds, with libFuzzer or AFL++, on the code that ships.
LIB_FUZZING_ENGINE ?= -fsanitize=fuzzer
FUZZ_CFLAGS = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all
fuzz:
	$(MAKE) B=$(B)/fuzzing CC=clang HARDEN= \
	    CFLAGS="$(FUZZ_CFLAGS) -fsanitize=fuzzer-no-link" fuzz-programs
	scripts/fuzz libfuzzer $(B)/fuzzing $(T) $(FUZZ)

fuzz-afl:
	$(MAKE) B=$(B)/fuzzing-afl CC=afl-clang-fast HARDEN= \
	    CFLAGS="$(FUZZ_CFLAGS)" fuzz-programs
	scripts/fuzz afl $(B)/fuzzing-afl $(T) $(FUZZ)

test-programs: all audit $(TEST_BIN) $(VECTOR_RUNNER) $(REPLAY_BIN) \
    $(AUDIT_FUZZ:%=$(B)/replay/%)

check-run: test-programs
	$(PYTHON) tests/run.py --build $(B) --jobs $(TEST_JOBS) $(RUN_ARGS)

check:
	scripts/test-deps
	$(PYTHON) tests/check.py --make "$(MAKE)" --jobs $(TEST_JOBS)

# The checks that take too long for make check; docs/assurance.md has their last results.
assurance:
	scripts/assurance $(STEPS)

# Programs of the system, and a whole Debian, on our library.
check-clients: all
	$(PYTHON) tests/clients/clients_test.py $(B)/lib/liblzma.so.5
	sh tests/clients/debian_root.sh $(B)/lib/liblzma.so.5

# The threaded coders under ThreadSanitizer: everything at random for T seconds.
T ?= 600
STRESS = $(B)/tsan/tests/stream/mt_stress_test
STRESS_FILE = $(B)/tsan/tests/stream/file_decoder_test
stress-threads:
	$(MAKE) B=$(B)/tsan CFLAGS="-O1 -g -fsanitize=thread" HARDEN= SO_DEFS= $(STRESS) \
	    $(STRESS_FILE)
	SANITIZED=1 TSAN_OPTIONS=halt_on_error=1 $(STRESS_FILE)
	SANITIZED=1 TSAN_OPTIONS=halt_on_error=1 $(STRESS) $(T)

# ---- Benchmark --------------------------------------------------------------------
# BENCH_ARGS: see bench/bench.py, for instance "--tables one --levels 6 --runs 3".
# All tables with five runs of each take three hours, "--quick" 25 minutes.
$(B)/bench/%: bench/%.c bench/library.h
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) -std=gnu11 -Iinclude -Wall -Wextra $(WERROR) $(CFLAGS) -o $@ $< -ldl

bench: all $(B)/bench/small_calls $(B)/bench/small_decode $(B)/bench/weigh
	$(PYTHON) bench/bench.py --build $(B) $(BENCH_ARGS)

# Decoding in one thread, for each shape of file; see bench/bench_decode.py.
$(B)/bench/decisions: bench/decisions.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(TEST_FLAGS) $(CFLAGS) -o $@ $< $(ARCHIVE)

bench-decode: all $(B)/bench/decisions $(B)/bench/weigh
	$(PYTHON) bench/bench_decode.py --build $(B) $(BENCH_ARGS)
	$(PYTHON) bench/bench_threads.py --build $(B) $(THREAD_ARGS)

# Encoding with what other CPUs have; see bench/bench_paths.py.
LIMIT_whole = UINT32_MAX
LIMIT_avx2  = ~(uint32_t)XZ_CPU_AVX512
LIMIT_sse4  = XZ_CPU_SSE4
LIMIT_plain = 0
PATH_XZ = $(addprefix $(B)/bench/xz_,whole avx2 sse4 plain)
$(PATH_XZ): $(B)/bench/xz_%: bench/limit_cpu.c $(XZ_OBJ) $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,LD,$@) $(CC) $(TEST_FLAGS) '-DLIMIT=$(LIMIT_$*)' $(CFLAGS) -o $@ $^

bench-paths: $(PATH_XZ) $(B)/bench/weigh
	$(PYTHON) bench/bench_paths.py --build $(B) $(BENCH_ARGS)

# The encoder's stages, each alone, on the first 16 MiB of a file.
STAGE_FILE ?= $(B)/bin/xz
$(B)/bench/bench_parse: bench/bench_parse.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(TEST_FLAGS) $(CFLAGS) -o $@ $< $(ARCHIVE) \
	    $(foreach f,finder_batch finder_moved finder_prepare finder_is_ready parse_optimal,-Wl$(comma)--wrap=xz_$f)
comma = ,

$(B)/bench/bench_finder: bench/bench_finder.c $(ARCHIVE)
	@mkdir -p $(@D)
	$(call say,CC,$@) $(CC) $(TEST_FLAGS) $(CFLAGS) -o $@ $< $(ARCHIVE) -lm

bench-stages: $(B)/bench/bench_parse $(B)/bench/bench_finder
	$(B)/bench/bench_finder $(STAGE_FILE)
	$(B)/bench/bench_parse $(STAGE_FILE) 6
	$(B)/bench/bench_parse $(STAGE_FILE) 9e

# ---- Releases ---------------------------------------------------------------------
release: all
	scripts/release "$(TAG)" $(B)/release

verify-release: all
	scripts/verify-release "$(TARBALL)"

# ---- Installation -----------------------------------------------------------------
install: all
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(LIBDIR)/pkgconfig" \
	    "$(DESTDIR)$(PREFIX)/include/lzma"
	install -m 755 $(PROGRAMS) $(SCRIPTS) "$(DESTDIR)$(PREFIX)/bin"
	$(call link_names,$(DESTDIR)$(PREFIX)/bin)
	install -m 644 $(ARCHIVE) "$(DESTDIR)$(LIBDIR)/liblzma.a"
	install -m 755 $(SO) "$(DESTDIR)$(LIBDIR)/$(notdir $(SO))"
	ln -sf $(notdir $(SO)) "$(DESTDIR)$(LIBDIR)/$(SONAME)"
	ln -sf $(notdir $(SO)) "$(DESTDIR)$(LIBDIR)/liblzma.so"
	install -m 644 include/lzma.h include/clearxz.h "$(DESTDIR)$(PREFIX)/include"
	install -m 644 include/lzma/*.h "$(DESTDIR)$(PREFIX)/include/lzma"
	$(call fill,liblzma.pc,$(LIBDIR)/pkgconfig)
	install -d "$(DESTDIR)$(LIBDIR)/cmake/liblzma"
	$(call fill,liblzma-config.cmake,$(LIBDIR)/cmake/liblzma)
	$(call fill,liblzma-config-version.cmake,$(LIBDIR)/cmake/liblzma)
	for page in $(filter-out man/xz-audit.1,$(wildcard man/*.[1357])); do $(man_page) || exit 1; done
	$(completion_dirs)
	for name in $(COMPLETED); do $(completion) || exit 1; done

install-audit: audit
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(B)/bin/xz-audit "$(DESTDIR)$(PREFIX)/bin/xz-audit"
	page=man/xz-audit.1; $(man_page)
	$(completion_dirs)
	name=xz-audit; $(completion)

SHARE = "$(DESTDIR)$(PREFIX)/share"

completion_dirs = install -d $(SHARE)/bash-completion/completions \
    $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d

# Installs the completion of $name, with a link for each of its other names; zsh finds
# the names in the file.
completion = \
    install -m 644 $(B)/completion/$$name.zsh $(SHARE)/zsh/site-functions/_$$name && \
    install -m 644 $(B)/completion/$$name.bash \
        $(SHARE)/bash-completion/completions/$$name && \
    install -m 644 $(B)/completion/$$name.fish $(SHARE)/fish/vendor_completions.d && \
    for alias in $$(sed -n 's/^commands|\([^|]*\).*/\1/p' tools/completion/$$name.list); do \
        [ $$alias = $$name ] || \
            { ln -sf $$name $(SHARE)/bash-completion/completions/$$alias && \
              ln -sf $$name.fish $(SHARE)/fish/vendor_completions.d/$$alias.fish; } || \
            exit 1; \
    done

# Installs $page, with a link for each other name that its NAME section has.
man_page = section=$${page\#\#*.}; dir="$(DESTDIR)$(PREFIX)/share/man/man$$section"; \
    install -d "$$dir" && install -m 644 $$page "$$dir" || exit 1; \
    for name in $$(sed -n '/^\.Sh NAME/,/^\.Nd/s/^\.Nm \([^ ]*\).*/\1/p' $$page); do \
        file=$$name.$$section; \
        [ man/$$file = $$page ] || ln -sf $${page\#\#*/} "$$dir/$$file" || exit 1; \
    done

# Installs scripts/NAME.in as NAME with the real paths.
fill = sed -e 's|@PREFIX@|$(PREFIX)|' -e 's|@LIBDIR@|$(LIBDIR)|' \
    -e 's|@VERSION@|$(API_VERSION)|' scripts/$(1).in > "$(DESTDIR)$(2)/$(1)"

clean:
	rm -rf $(B)

-include $(MINIMAL_OBJ:.o=.d) $(STATIC_OBJ:.o=.d) $(AUDIT_OBJ:.o=.d) $(SHARED_OBJ:.o=.d) \
    $(XZ_OBJ:.o=.d) \
    $(XZDEC_OBJ:.o=.d) $(LZMAINFO_OBJ:.o=.d) \
    $(SUPPORT_OBJ:.o=.d) $(FUZZ_OBJ:.o=.d) $(AUDIT_FUZZ_OBJ:.o=.d) $(VECTOR_OBJ:.o=.d) $(C_TESTS:%.c=$(B)/static/%.d)
