/* The colour profile calls of Qt's Windows platform plugin, which abort in Wine's own mscms.dll: here no profile is
   ever found, which Qt takes for an answer. */
#define EXPORT __declspec(dllexport)

EXPORT void *OpenColorProfileW(void *profile, unsigned access, unsigned share, unsigned creation)
{
    (void)profile, (void)access, (void)share, (void)creation;
    return 0;
}

EXPORT int CloseColorProfile(void *profile)
{
    (void)profile;
    return 0;
}

EXPORT int GetColorProfileFromHandle(void *profile, void *buffer, unsigned *size)
{
    (void)profile, (void)buffer;
    if (size)
        *size = 0;
    return 0;
}

EXPORT void *WcsCreateIccProfile(void *profile, unsigned options)
{
    (void)profile, (void)options;
    return 0;
}
