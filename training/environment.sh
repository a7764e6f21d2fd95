# For `. training/environment.sh` before a training on a CPU.
# The kernels for AVX-512 by name, where OpenBLAS is older than the processor.
if grep -q -m 1 avx512f /proc/cpuinfo; then export OPENBLAS_CORETYPE=SKYLAKEX; fi
# Memory that was used once is kept for the next step, in large pages.
GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0
export GLIBC_TUNABLES=$GLIBC_TUNABLES:glibc.malloc.trim_threshold=10000000000:glibc.malloc.mmap_threshold=10000000000
OMP_NUM_THREADS=$(nproc)
export OMP_NUM_THREADS
