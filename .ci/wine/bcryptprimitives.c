/* The random numbers of everything written in Rust (pydantic among it), which Wine 8 lacks: Windows' older source of
   them instead. */
#define EXPORT __declspec(dllexport)

unsigned char SystemFunction036(void *buffer, unsigned size);

EXPORT int ProcessPrng(unsigned char *buffer, unsigned long long size)
{
    while (size) {
        unsigned part = size > 0x10000 ? 0x10000 : (unsigned)size;
        if (!SystemFunction036(buffer, part))
            return 0;
        buffer += part;
        size -= part;
    }
    return 1;
}
