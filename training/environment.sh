# For `. training/environment.sh` before a training on a CPU.
# The processor's kernels by name, where OpenBLAS is older than it: here one with AVX-512.
export OPENBLAS_CORETYPE=SKYLAKEX
# Memory that was used once is kept for the next step, in large pages.
export GLIBC_TUNABLES=glibc.malloc.hugetlb=1:glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=10000000000:glibc.malloc.mmap_threshold=10000000000
OMP_NUM_THREADS=$(nproc)
export OMP_NUM_THREADS
